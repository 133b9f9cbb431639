package usersapi.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/** Records the calls of DynamoDB of an action. The SDK finds this class by {@code global/handlers/execution.interceptors}. */
public final class CapacityMeter implements ExecutionInterceptor {

    /** Inheritable, because a call of Stripe has its own thread, which calls AWS too. */
    private static final ThreadLocal<List<SdkRequest>> CALLS = new InheritableThreadLocal<>();

    /** The calls of an action in this thread and the threads that it starts, without those of others at the same time. */
    static List<SdkRequest> during(Runnable action) {
        var calls = Collections.synchronizedList(new ArrayList<SdkRequest>());
        CALLS.set(calls);
        try {
            action.run();
        } finally {
            CALLS.remove();
        }
        return calls;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        var calls = CALLS.get();
        if (calls != null && context.request() instanceof DynamoDbRequest call) {
            calls.add(call);
        }
    }
}
