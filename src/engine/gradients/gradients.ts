// Gradients that TensorFlow.js lacks, has wrong, or computes the slow way; they hold for every backend.
import "./absolute-value.js";
import "./batch-norm.js";
import "./broadcasting.js";
import "./comparisons.js";
import "./convolutions.js";
import "./cumulative-product.js";
import "./einsum.js";
import "./matrix-product.js";
import "./moved-values.js";
import "./tile.js";
import "./reductions.js";
