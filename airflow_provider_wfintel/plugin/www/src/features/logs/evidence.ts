/** Where the quoted lines stand in a log; a quote that was shortened or redacted matches by its beginning. */
export const evidenceLines = (lines: ReadonlyArray<string>, quotes: ReadonlyArray<string>): ReadonlyArray<number> => {
  const found = quotes.map((quote) => {
    const wanted = quote.trim();
    const exact = lines.findIndex((line) => line.includes(wanted));

    if (exact !== -1 || wanted.length < 12) {
      return exact;
    }
    const start = wanted.slice(0, Math.max(12, Math.floor(wanted.length / 2)));

    return lines.findIndex((line) => line.includes(start));
  });

  return [...new Set(found.filter((index) => index >= 0))].sort((first, second) => first - second);
};
