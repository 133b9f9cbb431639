package usersapi.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/** Keeps the calls of DynamoDB of an action; the SDK finds it by {@code global/handlers/execution.interceptors}. */
public final class CapacityMeter implements ExecutionInterceptor {

    /** Inheritable, for a call of Stripe has a thread of its own, in which AWS is called, too. */
    private static final ThreadLocal<List<SdkRequest>> CALLS = new InheritableThreadLocal<>();

    /** The calls that an action makes in this thread and those that it starts, whoever else is calling meanwhile. */
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
