package usersapi.billing;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.AccountEvent;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Outcome;
import usersapi.operator.Cursor;
import usersapi.operator.ExternalId;
import usersapi.session.SessionRevocation;
import usersapi.storage.FileRepository;
import usersapi.storage.StorageTotalsRepository;
import usersapi.subscription.Subscriber;
import usersapi.subscription.SubscriptionRepository;
import usersapi.table.Retries;
import usersapi.token.NamedTokens;
import usersapi.user.UserDeletion;
import usersapi.user.UserDeletion.Deletion;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator: {@code {"external_id"}} in, {@code {"message", "deleted", "sessions", "files", "file_ids",
 * "subscription", "customer"}} out. Deletes the user, its access tokens, sessions and storage total. When it has answered,
 * no credential of the user works, the e-mail address is free, and none of the user's open checkouts can be paid. It reports
 * what it does not delete: the number of the file service's records and the first ids; the subscriptions that have not
 * ended, {@code {"status", "ids"}}, which Stripe continues to bill; and Stripe's id of the customer, whose data an operator
 * erases there.
 *
 * <p>Invoked again, it deletes what an interrupted run has left; {@code deleted} is false if there was no such user. While
 * Stripe does not answer, a user with a customer is not deleted. If time ran out, after millions of files, the answer has a
 * {@code next}: invoke the function again with the same input and {@code "from"} set to it. Each answer counts only its own
 * run.
 */
public final class DeleteUserHandler extends JsonFunction {

    private static final int MAX_FILE_IDS = 10;
    /** Enough to finish a page and answer. */
    private static final int RESERVE_MILLIS = 30_000;
    /** The position of a run that has not begun to count the files. */
    private static final String NOTHING_COUNTED = "";

    @Singleton
    @Component(modules = BillingModule.class)
    interface Graph {
        UserDeletion users();

        SessionRevocation sessions();

        NamedTokens namedTokens();

        StorageTotalsRepository totals();

        FileRepository files();

        SubscriptionRepository subscriptions();

        RemainingBilling billing();
    }

    private final UserDeletion users;
    private final SessionRevocation sessions;
    private final NamedTokens namedTokens;
    private final StorageTotalsRepository totals;
    private final FileRepository files;
    private final SubscriptionRepository subscriptions;
    private final RemainingBilling billing;

    /** Called by Lambda. */
    public DeleteUserHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public DeleteUserHandler(Environment environment) {
        super(environment);
        var graph = DaggerDeleteUserHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        users = graph.users();
        sessions = graph.sessions();
        namedTokens = graph.namedTokens();
        totals = graph.totals();
        files = graph.files();
        subscriptions = graph.subscriptions();
        billing = graph.billing();
    }

    /** A user to be deleted, and the subscriptions that Stripe continues to bill. */
    private record Leaving(Subscriber user, List<StripeSubscription> billed) {

        JsonObject subscription() {
            return billed.isEmpty()
                    ? null
                    : new JsonObject().put("status", billed.getFirst().status()).put("ids",
                            billed.stream().map(StripeSubscription::id).sorted().toList());
        }

        String customer() {
            return user.customerId().orElse(null);
        }
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        var userId = ExternalId.of(event);
        if (userId.isEmpty()) {
            return FunctionResult.invalid(ExternalId.REQUIRED);
        }
        var cursor = new Cursor(DeleteUserHandler.class, userId);
        return switch (cursor.from(event)) {
            case Cursor.From.Invalid(var detail) -> FunctionResult.invalid(detail);
            case Cursor.From.Position(var from) ->
                delete(userId.get(), from.filter(fileId -> !fileId.equals(NOTHING_COUNTED)), cursor, context);
        };
    }

    private FunctionResult delete(String userId, Optional<String> from, Cursor cursor, Context context) {
        var retries = Retries.ofInvocation();
        while (true) {
            var user = subscriptions.find(userId);
            if (user.isEmpty()) {
                return finish(userId, Optional.empty(), from, cursor, context);
            }
            switch (billing.end(user.get())) {
                case StripeApi.Reply.Failed(var failure) -> {
                    return new FunctionResult(
                            new JsonObject().put("message", "Unexpected error").put("detail",
                                    "Stripe did not answer, so nothing was deleted: invoke it again"),
                            Outcome.STRIPE_FAILED, failure.toLog().put("user_id", userId));
                }
                case StripeApi.Reply.Done(var billed) -> {
                    var leaving = billed.map(subscriptions -> new Leaving(user.get(), subscriptions));
                    switch (leaving.map(read -> delete(read, context)).orElse(Deletion.BILLING_CHANGED)) {
                        case DELETED -> {
                            return finish(userId, leaving, from, cursor, context);
                        }
                        case ABSENT -> {
                            return finish(userId, Optional.empty(), from, cursor, context);
                        }
                        case BILLING_CHANGED -> retries.backOff(null);
                    }
                }
            }
        }
    }

    private Deletion delete(Leaving leaving, Context context) {
        var userId = leaving.user.userId();
        if (!leaving.billed.isEmpty()) {
            // If this run fails later, the next one no longer knows this, so it is logged now.
            FunctionLog.error(context, new JsonObject().put("user_id", userId).put("subscription",
                    leaving.subscription()));
        }
        // First, because after an interruption the next run no longer finds the user whose total must be marked.
        totals.markDeleted(userId);
        return users.delete(leaving.user);
    }

    private FunctionResult finish(String userId, Optional<Leaving> deleted, Optional<String> from, Cursor cursor,
            Context context) {
        BooleanSupplier timeIsLeft = () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS;
        if (deleted.isEmpty() && (files.hasAny(userId) || totals.hasAny(userId))) {
            totals.markDeleted(userId);
        }
        var closed = sessions.closeAll(userId, Optional.empty(), timeIsLeft);
        // After the sessions, because only an open one can make a token.
        namedTokens.endAll(userId);
        boolean isDone = closed.next().isEmpty() && totals.deleteCounted(userId, timeIsLeft);
        var remaining = isDone
                ? files.find(userId, from, MAX_FILE_IDS, timeIsLeft)
                : new FileRepository.Found(0, List.of(), Optional.of(NOTHING_COUNTED));
        var answer = new JsonObject().put("message", "ok").put("deleted", deleted.isPresent())
                .put("sessions", closed.closed()).put("files", remaining.count()).put("file_ids", remaining.firstIds())
                .put("subscription", deleted.map(Leaving::subscription).orElse(null))
                .put("customer", deleted.map(Leaving::customer).orElse(null));
        remaining.next().map(cursor::at).ifPresent(next -> answer.put("next", next));
        return FunctionResult.ok(answer,
                deleted.map(any -> AccountEvent.USER_DELETED.toLog()).orElseGet(JsonObject::new)
                        .put("user_id", userId).put("deleted", deleted.isPresent())
                        .put("sessions", closed.closed()).put("files", remaining.count())
                        .put("customer", deleted.map(Leaving::customer).orElse(null)));
    }
}
