package usersapi.wiring;

import java.time.Duration;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import usersapi.lambda.CurrentInvocation;

/**
 * Limits each call of AWS, with all attempts and the waits between them, to the time that the invocation has left. So the
 * invocation can always answer and log, however many calls it makes.
 */
final class InvocationDeadline implements ExecutionInterceptor {

    private final Duration limit;

    /** Limits each call to this time, or to the request's own limit. */
    InvocationDeadline(Duration limit) {
        this.limit = limit;
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        var request = (AwsRequest) context.request();
        var configuration = request.overrideConfiguration().map(AwsRequestOverrideConfiguration::toBuilder)
                .orElseGet(AwsRequestOverrideConfiguration::builder);
        var own = configuration.apiCallTimeout();
        var timeout = CurrentInvocation.within(own == null ? limit : own);
        return request.toBuilder().overrideConfiguration(configuration.apiCallTimeout(timeout).build()).build();
    }
}
