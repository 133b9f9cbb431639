package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionLog;
import usersapi.storage.FileKey;
import usersapi.storage.Settlement;

/** Logs a file that could not be settled, and the reason. */
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
