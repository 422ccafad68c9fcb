/** Let the browser save a text as a file. */
export const downloadText = (name: string, text: string, type = "text/x-python") => {
  const link = document.createElement("a");

  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
};
