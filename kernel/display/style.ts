// ANSI colours. Front ends turn the basic ones into their theme's own; the grey is a fixed one of middle lightness,
// because the "bright black" of JupyterLab's dark theme cannot be read on the dark red of its errors.
const styled = (open: string, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;

export const bold = styled("1", 22);
export const green = styled("32", 39);
export const grey = styled("38;5;244", 39);
export const red = styled("31", 39);
export const yellow = styled("33", 39);
