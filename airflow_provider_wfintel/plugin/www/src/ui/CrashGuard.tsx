import { Component, type ErrorInfo, type ReactNode } from "react";

import { ErrorAlert } from "src/ui/parts";
import { strings } from "src/ui/strings";

type Props = { readonly children: ReactNode };
type State = { readonly message: string | undefined };

/** Keeps an error of ours out of Airflow's own pages. */
export class CrashGuard extends Component<Props, State> {
  public state: State = { message: undefined };

  public static getDerivedStateFromError(error: unknown): State {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  public componentDidCatch(error: Error, info: ErrorInfo) {
    console.error("Workflow Intelligence:", error, info.componentStack);
  }

  public render() {
    const { message } = this.state;

    return message === undefined ? (
      this.props.children
    ) : (
      <ErrorAlert hint={`${message}. ${strings.common.crashHint}`} title={strings.common.crash} />
    );
  }
}
