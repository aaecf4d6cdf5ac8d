import { additiveAttention, attention } from "./dot-attention.js";
import { groupedQueryAttention } from "./grouped-query-attention.js";
import { multiHeadAttention } from "./multi-head-attention.js";
import { positionEmbedding, sinusoidalPositions, tokenAndPositionEmbedding } from "./positions.js";
import { reversibleEmbedding } from "./reversible-embedding.js";
import { transformerDecoder, transformerEncoder } from "./transformer-blocks.js";

/** This room's share of {@link layers}: factories by name. */
export const attentionLayers = {
  multiHeadAttention,
  groupedQueryAttention,
  attention,
  additiveAttention,
  sinusoidalPositions,
  positionEmbedding,
  tokenAndPositionEmbedding,
  reversibleEmbedding,
  transformerEncoder,
  transformerDecoder,
};
