import { useParams } from "react-router-dom";

import { useSession } from "src/api/sessions";
import { Answered } from "src/ui/parts";
import { SessionView } from "src/views/SessionView";

/** One session under an address of its own. */
export const SessionPage = () => {
  const { sessionId } = useParams();

  return <Answered query={useSession(sessionId)}>{(detail) => <SessionView detail={detail} />}</Answered>;
};
