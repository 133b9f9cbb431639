package usersapi.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The context of invocations in a test; it keeps what the function logs. */
public final class RecordingContext extends LocalContext {

    private final List<String> lines;

    /** A context for the function of that name. */
    public RecordingContext(String functionName) {
        var recorded = new CopyOnWriteArrayList<String>();
        super(functionName, Duration.ofSeconds(10), 1_024, recorded::add);
        lines = recorded;
    }

    /** What was logged so far. */
    public List<String> lines() {
        return lines;
    }
}
