// ANSI colours that read on light and dark pages; front ends turn them into their theme's own.
const styled = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;

export const bold = styled(1, 22);
export const dim = styled(90, 39);
export const red = styled(31, 39);
