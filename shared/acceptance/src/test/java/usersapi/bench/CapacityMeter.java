package usersapi.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/** Records the calls of AWS of an action. The SDK finds this class by {@code global/handlers/execution.interceptors}. */
public final class CapacityMeter implements ExecutionInterceptor {

    /** Inheritable, because a call of Stripe has its own thread, which calls AWS too. */
    private static final ThreadLocal<List<Call>> CALLS = new InheritableThreadLocal<>();

    /**
     * A call that has ended.
     *
     * @param response empty if it failed, for example because of its condition
     */
    record Call(SdkRequest request, Optional<SdkResponse> response) {}

    /** The calls of DynamoDB of an action in this thread and the threads that it starts, without those of others. */
    static List<SdkRequest> during(Runnable action) {
        return calls(action).stream().map(Call::request).filter(DynamoDbRequest.class::isInstance).toList();
    }

    /** The same with the calls of other services, and with the responses. */
    static List<Call> calls(Runnable action) {
        var calls = Collections.synchronizedList(new ArrayList<Call>());
        CALLS.set(calls);
        try {
            action.run();
        } finally {
            CALLS.remove();
        }
        return calls;
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        add(new Call(context.request(), Optional.of(context.response())));
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        add(new Call(context.request(), Optional.empty()));
    }

    private static void add(Call call) {
        var calls = CALLS.get();
        if (calls != null) {
            calls.add(call);
        }
    }
}
