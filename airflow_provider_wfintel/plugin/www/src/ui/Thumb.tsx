/** A thumb, drawn: not every machine has a font with it. */
export const Thumb = ({ up }: { readonly up: boolean }) => (
  <svg aria-hidden fill="none" height="16" stroke="currentColor" strokeWidth="2" viewBox="0 0 24 24" width="16">
    <g transform={up ? undefined : "rotate(180 12 12)"}>
      <path d="M3 11h4v10H3z" />
      <path d="M7 12l4-9a2.5 2.5 0 0 1 2.5 2.5V9H19a2 2 0 0 1 2 2.3l-1.3 8A2 2 0 0 1 17.7 21H7" />
    </g>
  </svg>
);
