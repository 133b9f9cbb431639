package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import usersapi.config.Environment;
import usersapi.export.ExportBucket;
import usersapi.json.JsonObject;
import usersapi.lambda.FunctionLog;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Outcome;
import usersapi.operator.FailedUsers;
import usersapi.operator.ProfileScan;
import usersapi.operator.UserRange;
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
 * Invoked by an operator to export users' data: all data in the tables except credentials, hashes and ciphertexts; times are
 * in ISO 8601.
 *
 * <p>For one user: {@code {"external_id", "from"?}} in, {@code {"message", "user", "settings", "sessions", "tokens",
 * "storage", "subscription", "files", "next"}} out. {@code user} is null if there is no such user; files may exist even
 * then. An answer has as many files as fit into Lambda's maximum. Unless {@code next} is null, there are more: invoke the
 * function again with the same input and {@code "from"} set to it. The other members are the same in each answer.
 *
 * <p>For everybody, as {@link UserRange} says, with {@code "run"} in addition: {@code {"message", "users", "next"}} out, and
 * for a segment {@code "failed_users"}, whose export is incomplete. The exports go to the {@link ExportBucket}, as
 * {@code RUN/EXTERNAL_ID/1.json}; the parts 2, 3 and so on have files that do not fit into the first. Unless {@code next} is
 * null, time ran out.
 */
public final class ExportUserHandler extends JsonFunction {

    /** An answer of Lambda has at most 6 MB; the user and the maximum number of sessions fit into the rest. */
    private static final int MAX_FILE_BYTES = 4_000_000;
    /** Enough to read a page and answer. */
    private static final int RESERVE_MILLIS = 15_000;
    /** Enough to begin with a further user: more than a hundred thousand files of one user take less. */
    private static final int USER_MILLIS = 120_000;
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9_-]{1,80}");

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

        ProfileScan users();

        ExportBucket bucket();
    }

    private final ProfileExport profiles;
    private final SettingsRepository settings;
    private final UserSessions sessions;
    private final NamedTokens named;
    private final StorageTotalsRepository totals;
    private final SubscriptionRepository subscriptions;
    private final FileExport files;
    private final ProfileScan users;
    private final ExportBucket bucket;

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
        users = graph.users();
        bucket = graph.bucket();
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        return switch (UserRange.parse(event, ExportUserHandler.class)) {
            case UserRange.Parsed.Invalid(var detail) -> FunctionResult.invalid(detail);
            case UserRange.Parsed.Valid(var range) when range.userId().isPresent() ->
                export(range.userId().get(), range, context);
            case UserRange.Parsed.Valid(var range) -> event.string("run").filter(run -> RUN.matcher(run).matches())
                    .map(run -> exportAll(run, range, context))
                    .orElseGet(() -> FunctionResult
                            .invalid("run: with all: true, a name of at most 80 letters, digits, - and _"));
        };
    }

    private FunctionResult export(String userId, UserRange range, Context context) {
        var answer = addUser(userId, new JsonObject().put("message", "ok"));
        var page = files(userId, range.from(), context);
        var log = new JsonObject().put("user_id", userId).put("found", answer.get("user") != null)
                .put("sessions", ((List<?>) answer.get("sessions")).size()).put("files", page.files().size());
        return FunctionResult.ok(answer.put("files", page.files()).put("next", range.next(page.next())), log);
    }

    private FunctionResult exportAll(String run, UserRange range, Context context) {
        var failed = new FailedUsers();
        var count = new AtomicInteger();
        var next = users.forEach(range.segment(), Optional.empty(), range.from(),
                () -> context.getRemainingTimeInMillis() > USER_MILLIS, userId -> {
                    count.incrementAndGet();
                    try {
                        write(run, userId, context);
                    } catch (SdkException | UncheckedIOException e) {
                        // Not this user's fault: the invocation is to be repeated.
                        throw e;
                    } catch (RuntimeException e) {
                        failed.add(userId);
                        FunctionLog.error(context, FunctionLog.failure(e).put("user_id", userId));
                    }
                });
        var answer = new JsonObject().put("message", "ok").put("users", count.get()).put("next", range.next(next));
        return new FunctionResult(range.addTo(answer, failed), failed.ids().isEmpty() ? Outcome.OK : Outcome.FAILED,
                new JsonObject().put("users", count.get()));
    }

    private void write(String run, String userId, Context context) {
        var user = addUser(userId, new JsonObject());
        var from = Optional.<String>empty();
        for (int part = 1;; part++) {
            var page = files(userId, from, context);
            bucket.put("%s/%s/%d.json".formatted(run, userId, part), user.put("files", page.files()));
            if (page.next().isEmpty()) {
                return;
            }
            if (context.getRemainingTimeInMillis() <= RESERVE_MILLIS) {
                throw new IllegalStateException("no time is left for the files of this user");
            }
            from = page.next();
        }
    }

    private FileExport.Page files(String userId, Optional<String> from, Context context) {
        return files.read(userId, from, MAX_FILE_BYTES, () -> context.getRemainingTimeInMillis() > RESERVE_MILLIS);
    }

    /** Adds all data of a user but the files. */
    private JsonObject addUser(String userId, JsonObject answer) {
        var profile = profiles.read(userId);
        return answer.put("user", profile.map(ProfileExport.Profile::json).orElse(null))
                .put("settings", settings.find(userId).map(Settings::toJson).orElse(null))
                .put("sessions", sessions.list(userId).stream().map(ExportUserHandler::json).toList())
                .put("tokens", tokens(profile, named.list(userId)))
                .put("storage", json(totals.find(userId)))
                .put("subscription", subscriptions.find(userId).flatMap(ExportUserHandler::subscription).orElse(null));
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
