package usersapi.bench;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/** Keeps the calls of DynamoDB of an action; the SDK finds it by {@code global/handlers/execution.interceptors}. */
public final class CapacityMeter implements ExecutionInterceptor {

    private static final ScopedValue<List<SdkRequest>> CALLS = ScopedValue.newInstance();

    /** The calls that an action makes in this thread, whoever else is calling meanwhile. */
    static List<SdkRequest> during(Runnable action) {
        var calls = new ArrayList<SdkRequest>();
        ScopedValue.where(CALLS, calls).run(action);
        return calls;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        if (CALLS.isBound() && context.request() instanceof DynamoDbRequest call) {
            CALLS.get().add(call);
        }
    }
}
