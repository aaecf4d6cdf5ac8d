// What the wasm backend lacks for training, what it does slowly, and what it gets wrong. Each file registers its kernels
// in the place of the stock ones.
import "./batch-norm.js";
import "./copies.js";
import "./complex.js"; // after the copies: it extends the cast
import "./dilation.js";
import "./einsum.js";
import "./gather.js";
import "./segment-sum.js";
import "./matrix-product.js";
import "./convolution-gradients.js";
import "./convolutions-3d.js";
import "./depthwise-gradients.js";
import "./memory.js";
import "./pools.js";
import "./reductions.js";
import "./resize-gradients.js";
import "./strided-slice.js";
import "./tile.js";
