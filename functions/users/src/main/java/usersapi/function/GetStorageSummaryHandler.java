package usersapi.function;

import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Endpoint;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.lambda.Principal;
import usersapi.storage.StorageTotalsRepository;
import usersapi.wiring.CoreModule;

/** {@code GET /api/users/storage/}: the number and total size of the user's files. */
public final class GetStorageSummaryHandler extends Endpoint {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        StorageTotalsRepository totals();
    }

    private final StorageTotalsRepository totals;

    /** Called by Lambda. */
    public GetStorageSummaryHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public GetStorageSummaryHandler(Environment environment) {
        super(environment);
        var graph = DaggerGetStorageSummaryHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        totals = graph.totals();
        Priming.beforeSnapshot(environment, GetStorageSummaryHandler::new, graph);
    }

    @Override
    protected ApiResponse answer(ApiRequest request, Principal caller) {
        var summary = totals.find(caller.userId());
        return ApiResponse.ok(new JsonObject().put("total_bytes", summary.totalBytes()).put("file_count",
                summary.fileCount()));
    }
}
