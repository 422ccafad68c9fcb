/** Airflow's UI keeps its look as a class of the document's root. */
import { useSyncExternalStore } from "react";

export type ColorMode = "dark" | "light";

const read = (): ColorMode => (document.documentElement.classList.contains("dark") ? "dark" : "light");

const watch = (changed: () => void) => {
  const observer = new MutationObserver(changed);

  observer.observe(document.documentElement, { attributeFilter: ["class"] });

  return () => observer.disconnect();
};

/** The look that the user chose. For libraries that must be told: Chakra's tokens follow it by themselves. */
export const useColorMode = (): ColorMode => useSyncExternalStore(watch, read);
