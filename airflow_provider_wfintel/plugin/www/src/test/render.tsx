import { ChakraProvider } from "@chakra-ui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router-dom";
import { vi } from "vitest";

import { localSystem } from "src/theme/system";

/** Show an element with what Airflow's page would give it. */
export const show = (element: ReactNode, at = "/") =>
  render(
    <ChakraProvider value={localSystem}>
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <MemoryRouter initialEntries={[at]}>{element}</MemoryRouter>
      </QueryClientProvider>
    </ChakraProvider>,
  );

/** A server that answers by the end of the path; anything else is not found. Returns what it was asked. */
export const answering = (answers: Readonly<Record<string, unknown>>) =>
  vi.spyOn(globalThis, "fetch").mockImplementation(async (address) => {
    const { pathname } = new URL(String(address), "http://airflow.test");
    const found = Object.entries(answers).find(([end]) => pathname.endsWith(end))?.[1];

    if (found === undefined) {
      return new Response(JSON.stringify({ error: `no answer for ${pathname}` }), { status: 404 });
    }

    return found instanceof Response ? found.clone() : new Response(JSON.stringify(found), { status: 200 });
  });
