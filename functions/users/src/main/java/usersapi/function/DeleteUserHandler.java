package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.operator.ExternalId;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.session.SessionRepository;
import usersapi.storage.FileRepository;
import usersapi.storage.StorageTotalsRepository;
import usersapi.subscription.Subscriber;
import usersapi.subscription.SubscriptionRepository;
import usersapi.user.UserDeletion;
import usersapi.user.UserDeletion.Deletion;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator: {@code {"external_id"}} in, {@code {"message", "deleted", "sessions", "files", "file_ids",
 * "subscription"}} out. Deletes the user, its access token, sessions and storage total; when it answers, no credential of
 * the user works, and the e-mail address is free. What it does not touch it reports: the file service's records, how many
 * and the first ids, and a subscription that has not ended, {@code {"status", "ids"}}, which Stripe goes on billing.
 *
 * <p>Invoked again it deletes what an interrupted run has left; {@code deleted} is false where there was no such user.
 */
public final class DeleteUserHandler extends JsonFunction {

    private static final int MAX_FILE_IDS = 10;

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        UserDeletion users();

        SessionRepository sessions();

        StorageTotalsRepository totals();

        FileRepository files();

        SubscriptionRepository subscriptions();
    }

    private final UserDeletion users;
    private final SessionRepository sessions;
    private final StorageTotalsRepository totals;
    private final FileRepository files;
    private final SubscriptionRepository subscriptions;

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
        totals = graph.totals();
        files = graph.files();
        subscriptions = graph.subscriptions();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        return ExternalId.of(event).map(userId -> delete(userId, context))
                .orElseGet(() -> FunctionResult.invalid(ExternalId.REQUIRED));
    }

    private FunctionResult delete(String userId, Context context) {
        Optional<JsonObject> billed;
        FileRepository.Found remaining;
        Deletion deletion;
        do {
            var user = subscriptions.find(userId);
            billed = user.flatMap(DeleteUserHandler::billed);
            // If this run fails later the next one does not know any more: the log must.
            billed.ifPresent(subscription -> FunctionLog.error(context,
                    new JsonObject().put("user_id", userId).put("subscription", subscription)));
            remaining = files.find(userId, MAX_FILE_IDS);
            if (user.isPresent() || remaining.count() > 0 || totals.hasAny(userId)) {
                // First: an interrupted run that had deleted the user before could not tell any more whom nothing may be counted for.
                totals.delete(userId);
            }
            deletion = user.map(users::delete).orElse(Deletion.ABSENT);
        } while (deletion == Deletion.BILLING_CHANGED);
        boolean deleted = deletion == Deletion.DELETED;
        long closed = sessions.closeAll(userId);
        // Again: of a session that opened as the user went, a query may show the item only a little later (DynamoDB
        // Developer Guide, «Isolation levels for DynamoDB transactions»: a query sees the items of a transaction one by one).
        closed += sessions.closeAll(userId);
        return FunctionResult.ok(
                new JsonObject().put("message", "ok").put("deleted", deleted).put("sessions", closed)
                        .put("files", remaining.count()).put("file_ids", remaining.firstIds())
                        .put("subscription", billed.orElse(null)),
                new JsonObject().put("user_id", userId).put("deleted", deleted).put("sessions", closed)
                        .put("files", remaining.count()));
    }

    private static Optional<JsonObject> billed(Subscriber user) {
        return user.subscription().filter(subscription -> !subscription.hasEnded())
                .map(subscription -> new JsonObject().put("status", subscription.status()).put("ids",
                        user.subscriptionIds().stream().sorted().toList()));
    }
}
