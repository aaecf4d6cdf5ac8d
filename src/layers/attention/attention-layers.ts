/** This room's share of {@link layers}: factories by name. */
export const attentionLayers = {};
