import type { components, paths } from "src/api/schema";

type Schemas = components["schemas"];
export type Body<Name extends keyof Schemas> = Schemas[Name];

/** What every route answers when it cannot do what was asked. */
export class ApiError extends Error {
  public readonly hint: string;
  public readonly retryable: boolean;
  public readonly status: number;

  public constructor(message: string, status: number, hint = "", retryable = false) {
    super(message);
    this.name = "ApiError";
    this.hint = hint;
    this.retryable = retryable;
    this.status = status;
  }
}

/** An address of this server, also where Airflow is served below a path. */
export const address = (path: string): string => new URL(path.replace(/^\//u, ""), document.baseURI).href;

type Query = Readonly<Record<string, boolean | number | string | undefined>>;

const withQuery = (path: string, query: Query = {}): string => {
  const given = Object.entries(query).filter((entry): entry is [string, boolean | number | string] =>
    entry[1] !== undefined && entry[1] !== "",
  );

  return given.length === 0 ? path : `${path}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
};

const failure = async (response: Response): Promise<ApiError> => {
  try {
    const body = (await response.json()) as { error?: string; hint?: string; retryable?: boolean };

    return new ApiError(body.error ?? response.statusText, response.status, body.hint, body.retryable);
  } catch {
    return new ApiError(response.statusText || `status ${response.status}`, response.status);
  }
};

/** Ask one of our routes. The browser sends the cookie of Airflow's login along.
 *
 * @throws ApiError the server said no, or gave no answer of ours
 */
export const ask = async <Answer>(
  method: "DELETE" | "GET" | "POST" | "PUT",
  path: `/api/${string}`,
  { body, query, signal }: { body?: unknown; query?: Query; signal?: AbortSignal } = {},
): Promise<Answer> => {
  const response = await fetch(address(`wfintel${withQuery(path, query)}`), {
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
    method,
    signal,
  });

  if (!response.ok) {
    throw await failure(response);
  }

  return (await response.json()) as Answer;
};

export type Path = keyof paths;
