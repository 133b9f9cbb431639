package usersapi.billing;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Outcome;
import usersapi.operator.FailedUsers;
import usersapi.operator.UserRange;
import usersapi.subscription.CustomerScan;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator for the subscriptions of a {@link UserRange}, for example after days without events: asks Stripe
 * for each user's subscriptions and records them. With {@code "lapsed": true} in addition to {@code "all"} it asks only for
 * users whose period has ended without an event; a schedule invokes it so. {@code {"message", "users", "failed", "next"}}
 * out. Unless {@code next} is null, time ran out: invoke the function again with the same input and {@code "from"} set to
 * it. The log names the users for whom Stripe did not answer, and those who pay twice or for nothing.
 */
public final class ReconcileSubscriptionsHandler extends JsonFunction {

    /** Enough for one more user and the answer. */
    private static final int RESERVE_MILLIS = 30_000;

    @Singleton
    @Component(modules = BillingModule.class)
    interface Graph {
        CustomerScan customers();

        Reconciliation reconciliation();

        Clock clock();
    }

    private final CustomerScan customers;
    private final Reconciliation reconciliation;
    private final Clock clock;

    /** Called by Lambda. */
    public ReconcileSubscriptionsHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public ReconcileSubscriptionsHandler(Environment environment) {
        super(environment);
        var graph = DaggerReconcileSubscriptionsHandler_Graph.builder().coreModule(new CoreModule(environment))
                .build();
        customers = graph.customers();
        reconciliation = graph.reconciliation();
        clock = graph.clock();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        return switch (UserRange.parse(event, ReconcileSubscriptionsHandler.class)) {
            case UserRange.Parsed.Invalid(var detail) -> FunctionResult.invalid(detail);
            case UserRange.Parsed.Valid(var range) -> event.flag("lapsed")
                    .filter(lapsed -> !event.has("lapsed") || range.userId().isEmpty())
                    .map(lapsed -> reconcile(range, Optional.of(clock.instant()).filter(now -> lapsed), context))
                    .orElseGet(() -> FunctionResult.invalid("lapsed: must be true or false, and goes with all: true"));
        };
    }

    private FunctionResult reconcile(UserRange range, Optional<Instant> lapsed, Context context) {
        var failedUsers = new FailedUsers();
        var outcomes = new ArrayList<Outcome>();
        Optional<String> next = Optional.empty();
        if (range.userId().isPresent()) {
            outcomes.add(reconcile(range.userId().get(), context));
        } else {
            next = customers.forEach(range.segment(), lapsed, range.from(),
                    () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS, userId -> {
                        var outcome = reconcile(userId, context);
                        outcomes.add(outcome);
                        if (outcome != Outcome.OK) {
                            failedUsers.add(userId);
                        }
                    });
        }
        var failed = outcomes.stream().filter(outcome -> outcome == Outcome.STRIPE_FAILED).count();
        var answer = new JsonObject().put("message", "ok").put("users", (long) outcomes.size()).put("failed", failed)
                .put("next", range.next(next));
        var log = new JsonObject().put("user_id", range.userId().orElse(null)).put("users", (long) outcomes.size())
                .put("failed", failed);
        // The line of an invocation has one outcome; the lines before it name each user.
        return new FunctionResult(range.addTo(answer, failedUsers),
                outcomes.stream().filter(outcome -> outcome != Outcome.OK).findFirst()
                        .orElse(Outcome.OK),
                log);
    }

    private Outcome reconcile(String userId, Context context) {
        var log = new JsonObject().put("user_id", userId);
        var outcome = switch (reconciliation.apply(userId)) {
            case Reconciliation.Effect.Applied applied -> {
                applied.addTo(log);
                yield applied.outcome();
            }
            case Reconciliation.Effect.Unanswered(var failure) -> {
                failure.toLog().members().forEach(log::put);
                yield Outcome.STRIPE_FAILED;
            }
            case Reconciliation.Effect.UnknownPayer() -> Outcome.UNKNOWN_PAYER;
            case Reconciliation.Effect.Ignored ignored -> Outcome.OK;
        };
        if (outcome != Outcome.OK) {
            FunctionLog.error(context, log);
        } else if (log.has("account_event")) {
            FunctionLog.info(context, log);
        }
        return outcome;
    }
}
