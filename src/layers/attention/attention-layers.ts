import { additiveAttention, attention } from "./dot-attention.js";
import { groupedQueryAttention } from "./grouped-query-attention.js";
import { multiHeadAttention } from "./multi-head-attention.js";

/** This room's share of {@link layers}: factories by name. */
export const attentionLayers = { multiHeadAttention, groupedQueryAttention, attention, additiveAttention };
