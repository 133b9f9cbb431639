package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.operator.Cursor;
import usersapi.operator.ExternalId;
import usersapi.session.ListedSession;
import usersapi.session.UserSessions;
import usersapi.storage.FileExport;
import usersapi.storage.StorageSummary;
import usersapi.storage.StorageTotalsRepository;
import usersapi.subscription.Subscriber;
import usersapi.subscription.Subscription;
import usersapi.subscription.SubscriptionRepository;
import usersapi.token.NamedToken;
import usersapi.token.NamedTokens;
import usersapi.user.ProfileExport;
import usersapi.user.Settings;
import usersapi.user.SettingsRepository;
import usersapi.wiring.CoreModule;

/**
 * Invoked by an operator to export a user's data: {@code {"external_id", "from"?}} in, {@code {"message", "user",
 * "settings", "sessions", "tokens", "storage", "subscription", "files", "next"}} out. The answer has all data of the user in
 * the tables except credentials, hashes and ciphertexts; times are in ISO 8601. {@code user} is null if there is no such
 * user; files may exist even then.
 *
 * <p>An answer has as many files as fit into Lambda's maximum. Unless {@code next} is null, there are more: invoke the
 * function again with the same input and {@code "from"} set to it. The other members are the same in each answer.
 */
public final class ExportUserHandler extends JsonFunction {

    /** An answer of Lambda has at most 6 MB; the user and the maximum number of sessions fit into the rest. */
    private static final int MAX_FILE_BYTES = 4_000_000;
    /** Enough to read a page and answer. */
    private static final int RESERVE_MILLIS = 15_000;

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph {
        ProfileExport profiles();

        SettingsRepository settings();

        UserSessions sessions();

        NamedTokens tokens();

        StorageTotalsRepository totals();

        SubscriptionRepository subscriptions();

        FileExport files();
    }

    private final ProfileExport profiles;
    private final SettingsRepository settings;
    private final UserSessions sessions;
    private final NamedTokens named;
    private final StorageTotalsRepository totals;
    private final SubscriptionRepository subscriptions;
    private final FileExport files;

    /** Called by Lambda. */
    public ExportUserHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public ExportUserHandler(Environment environment) {
        super(environment);
        var graph = DaggerExportUserHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        profiles = graph.profiles();
        settings = graph.settings();
        sessions = graph.sessions();
        named = graph.tokens();
        totals = graph.totals();
        subscriptions = graph.subscriptions();
        files = graph.files();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        var userId = ExternalId.of(event);
        if (userId.isEmpty()) {
            return FunctionResult.invalid(ExternalId.REQUIRED);
        }
        var cursor = new Cursor(ExportUserHandler.class, userId);
        return switch (cursor.from(event)) {
            case Cursor.From.Invalid(var detail) -> FunctionResult.invalid(detail);
            case Cursor.From.Position(var from) -> export(userId.get(), from, cursor, context);
        };
    }

    private FunctionResult export(String userId, Optional<String> from, Cursor cursor, Context context) {
        var profile = profiles.read(userId);
        var open = sessions.list(userId);
        var page = files.read(userId, from, MAX_FILE_BYTES, () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS);
        var answer = new JsonObject().put("message", "ok")
                .put("user", profile.map(ProfileExport.Profile::json).orElse(null))
                .put("settings", settings.find(userId).map(Settings::toJson).orElse(null))
                .put("sessions", open.stream().map(ExportUserHandler::json).toList())
                .put("tokens", tokens(profile, named.list(userId)))
                .put("storage", json(totals.find(userId)))
                .put("subscription", subscriptions.find(userId).flatMap(ExportUserHandler::subscription).orElse(null))
                .put("files", page.files()).put("next", page.next().map(cursor::at).orElse(null));
        return FunctionResult.ok(answer, new JsonObject().put("user_id", userId).put("found", profile.isPresent())
                .put("sessions", open.size()).put("files", page.files().size()));
    }

    /** The tokens, without anything by which one could be used or found. */
    private static List<JsonObject> tokens(Optional<ProfileExport.Profile> profile, List<NamedToken> named) {
        var tokens = new ArrayList<JsonObject>();
        profile.filter(ProfileExport.Profile::hasToken)
                .ifPresent(any -> tokens.add(new JsonObject().put("kind", "default_token")));
        named.forEach(token -> tokens.add(new JsonObject().put("kind", "named_token").put("label", token.label())
                .put("created", token.created().toString())
                .put("last_used", text(token.lastUsed().map(Instant::ofEpochSecond)))
                .put("expires", text(token.expires().map(Instant::ofEpochSecond))).put("read_only", token.readOnly())));
        return tokens;
    }

    private static JsonObject json(ListedSession session) {
        return new JsonObject().put("created", session.created().toString())
                .put("last_seen", Instant.ofEpochSecond(session.lastSeen()).toString())
                .put("expires", Instant.ofEpochSecond(session.expires()).toString());
    }

    private static JsonObject json(StorageSummary storage) {
        return new JsonObject().put("total_bytes", storage.totalBytes()).put("file_count", storage.fileCount());
    }

    private static Optional<JsonObject> subscription(Subscriber user) {
        if (user.customerId().isEmpty() && user.subscription().isEmpty() && user.checkout().isEmpty()) {
            return Optional.empty();
        }
        var subscription = user.subscription();
        return Optional.of(new JsonObject().put("customer_id", user.customerId().orElse(null))
                .put("id", subscription.map(Subscription::id).orElse(null))
                .put("paid_by", subscription.map(Subscription::customerId).orElse(null))
                .put("ids", user.subscriptionIds().stream().sorted().toList())
                .put("plan", subscription.map(Subscription::plan).orElse(Subscription.FREE))
                .put("status", subscription.map(Subscription::status).orElse(null))
                .put("current_period_end", text(subscription.flatMap(Subscription::currentPeriodEnd)))
                .put("cancel_at_period_end", subscription.map(Subscription::cancelAtPeriodEnd).orElse(null))
                .put("cancel_at", text(subscription.flatMap(Subscription::cancelAt)))
                .put("trial_end", text(subscription.flatMap(Subscription::trialEnd)))
                .put("payment_failed", subscription.map(Subscription::paymentFailed).orElse(null))
                .put("checkout",
                        user.checkout().map(checkout -> new JsonObject().put("number", checkout.number())
                                .put("price", checkout.price()).put("opened", checkout.opened().toString()))
                                .orElse(null)));
    }

    private static String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }
}
