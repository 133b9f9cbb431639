package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import usersapi.lambda.FunctionLog;
import usersapi.storage.FileKey;
import usersapi.storage.StorageTotalsRepository.Settlement;

/** Says in the log which file could not be settled, and why. */
final class SettlementLog {

    private SettlementLog() {}

    static void unsettled(Context context, FileKey file, Settlement settlement) {
        var line = settlement instanceof Settlement.Failed(var cause)
                ? FunctionLog.failure(context, cause)
                : FunctionLog.line(context, "ERROR");
        if (settlement instanceof Settlement.Malformed(var attribute)) {
            line.put("malformed", attribute);
        }
        context.getLogger().log(line.put("user_id", file.userId()).put("file_id", file.fileId()).toJson());
    }
}
