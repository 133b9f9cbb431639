package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionLog;
import usersapi.storage.FileKey;
import usersapi.storage.Settlement;

/** Says in the log which file could not be settled, and why. */
final class SettlementLog {

    private SettlementLog() {}

    static void unsettled(Context context, FileKey file, Settlement settlement) {
        var details = settlement instanceof Settlement.Failed(var cause)
                ? FunctionLog.failure(cause)
                : new JsonObject();
        if (settlement instanceof Settlement.Malformed(var attribute)) {
            details.put("malformed", attribute);
        }
        FunctionLog.error(context, details.put("user_id", file.userId()).put("file_id", file.fileId()));
    }
}
