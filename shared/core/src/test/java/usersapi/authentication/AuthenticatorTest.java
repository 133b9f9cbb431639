package usersapi.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import usersapi.CoreFixture;
import usersapi.credential.Credential;
import usersapi.credential.OpaqueToken;
import usersapi.session.SessionFixture;
import usersapi.session.SessionIdleLimit;
import usersapi.standin.MovingClock;
import usersapi.testing.LocalTables;
import usersapi.token.TokenFixture;

class AuthenticatorTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final OpaqueToken SECRET = new OpaqueToken("s".repeat(43));
    private static final OpaqueToken CSRF = new OpaqueToken("c".repeat(43));
    private static final String SESSION = "session#" + SECRET.sha256();
    private static final String TOKEN = "token#" + SECRET.sha256();

    private final MovingClock clock = new MovingClock();
    private final List<SdkRequest> calls = new ArrayList<>();
    private final Authenticator authenticator = authenticator(Optional.empty(), calls::add);

    private Authenticator authenticator(Optional<Integer> idleDays, Consumer<SdkRequest> before) {
        var client = CoreFixture.client(TABLES, before);
        var credentials = CoreFixture.credentials(TABLES);
        return new Authenticator(SessionFixture.repository(client, credentials,
                new SessionIdleLimit(idleDays.map(Duration::ofDays)), clock),
                TokenFixture.repository(client, credentials, clock), new UseRecord(client, credentials, clock));
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    private void session(long lastSeen, long expires) {
        TABLES.put("Credentials", Map.of("external_id", AttributeValue.fromS("jane"), "csrf_hash",
                AttributeValue.fromS(CSRF.sha256()), "last_seen", number(lastSeen), "expires", number(expires)),
                SESSION,
                SESSION);
    }

    private static void token(Map<String, AttributeValue> further) {
        var attributes = new HashMap<>(further);
        attributes.put("external_id", AttributeValue.fromS("jane"));
        TABLES.put("Credentials", attributes, TOKEN, TOKEN);
    }

    private Authentication bySession(Authenticator by) {
        return by.check(new Credential.SessionCookie(SECRET), Optional.empty());
    }

    private Authentication byToken() {
        return authenticator.check(new Credential.Bearer(SECRET), Optional.of(CSRF.value()));
    }

    private static Optional<String> stored(String key, String attribute) {
        return TABLES.item("Credentials", key, key).map(item -> item.get(attribute)).map(AttributeValue::n);
    }

    private List<String> names() {
        return calls.stream().map(call -> call.getClass().getSimpleName()).toList();
    }

    @Test
    void aSessionIsItsUsersAndVerifiedByItsOwnCsrfToken() {
        session(now(), now() + 100);
        var valid = new Authentication.Valid("jane", Authentication.Kind.SESSION, Optional.of(SECRET.sha256()), false,
                true, Optional.of(now() + 100), Optional.empty());

        assertThat(authenticator.check(new Credential.SessionCookie(SECRET), Optional.of(CSRF.value())))
                .isEqualTo(valid);
        for (var wrong : List.of("", "x", SECRET.value(), CSRF.value() + "c")) {
            assertThat(((Authentication.Valid) authenticator.check(new Credential.SessionCookie(SECRET),
                    Optional.of(wrong))).csrfVerified()).isFalse();
        }
        assertThat(names()).containsOnly("GetItemRequest");
    }

    @Test
    void theDefaultTokenHasNoIdAndNoEnd() {
        token(Map.of());

        assertThat(byToken()).isEqualTo(new Authentication.Valid("jane", Authentication.Kind.DEFAULT_TOKEN,
                Optional.empty(), false, false, Optional.empty(), Optional.empty()));
        assertThat(names()).containsExactly("GetItemRequest");
    }

    @Test
    void aNamedTokenIsRecordedAtItsFirstUseAndThenHourly() {
        token(Map.of("label", AttributeValue.fromS("a"), "read_only", AttributeValue.fromBool(true), "expires",
                number(now() + 10_000)));
        long first = now();

        assertThat(byToken()).isEqualTo(new Authentication.Valid("jane", Authentication.Kind.NAMED_TOKEN,
                Optional.of(SECRET.sha256()), true, false, Optional.of(now() + 10_000), Optional.empty()));
        assertThat(stored(TOKEN, "last_used")).contains(Long.toString(first));
        clock.forward(3_599);
        byToken();
        assertThat(stored(TOKEN, "last_used")).contains(Long.toString(first));
        assertThat(names()).containsExactly("GetItemRequest", "UpdateItemRequest", "GetItemRequest");
        clock.forward(1);
        byToken();
        assertThat(stored(TOKEN, "last_used")).contains(Long.toString(first + 3_600));
    }

    @Test
    void aNamedTokenThatHasExpiredIsRefusedAtOnce() {
        token(Map.of("label", AttributeValue.fromS("a"), "expires", number(now())));

        assertThat(byToken()).isEqualTo(new Authentication.Invalid("unknown_token"));
        assertThat(stored(TOKEN, "last_used")).isEmpty();
    }

    @Test
    void aSessionIsRecordedOnceAnHour() {
        long opened = now();
        session(opened, opened + 100_000);
        clock.forward(3_599);
        bySession(authenticator);
        assertThat(stored(SESSION, "last_seen")).contains(Long.toString(opened));
        clock.forward(1);
        bySession(authenticator);
        assertThat(stored(SESSION, "last_seen")).contains(Long.toString(opened + 3_600));
        bySession(authenticator);
        assertThat(names()).containsExactly("GetItemRequest", "GetItemRequest", "UpdateItemRequest", "GetItemRequest");
    }

    @Test
    void oneOfSeveralRequestsAtOnceRecordsTheUse() throws Exception {
        long opened = now();
        session(opened, opened + 100_000);
        clock.forward(7_200);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Authentication> request = () -> bySession(authenticator(Optional.empty(), call -> {}));
            for (var result : threads.invokeAll(Stream.generate(() -> request).limit(8).toList())) {
                assertThat(result.get()).isInstanceOfSatisfying(Authentication.Valid.class,
                        valid -> assertThat(valid.unrecorded()).isEmpty());
            }
        }
        assertThat(stored(SESSION, "last_seen")).contains(Long.toString(opened + 7_200));
    }

    @Test
    void anIdleSessionEndsAndEveryUsePutsThatOff() {
        long opened = now();
        session(opened, opened + 10 * 86_400);
        var idle = authenticator(Optional.of(2), call -> {});

        clock.forward(86_400);
        assertThat(bySession(idle)).isInstanceOfSatisfying(Authentication.Valid.class,
                valid -> assertThat(valid.expires()).contains(opened + 2 * 86_400L));
        clock.forward(2 * 86_400 - 1);
        assertThat(bySession(idle)).isInstanceOf(Authentication.Valid.class);
        clock.forward(2 * 86_400);
        assertThat(bySession(idle)).isEqualTo(new Authentication.Invalid("unknown_session"));
        assertThat(bySession(authenticator)).as("without an idle limit").isInstanceOf(Authentication.Valid.class);
    }

    @Test
    void aUseDoesNotBringBackWhatHasEndedMeanwhile() {
        session(now() - 3_600, now() + 100);
        var ending = authenticator(Optional.empty(), call -> {
            if (call instanceof UpdateItemRequest) {
                TABLES.delete("Credentials", SESSION, SESSION);
            }
        });

        bySession(ending);

        assertThat(TABLES.item("Credentials", SESSION, SESSION)).isEmpty();
    }

    @Test
    void aRequestWhoseUseCannotBeRecordedIsAllowed() {
        session(now() - 3_600, now() + 100);
        var failing = authenticator(Optional.empty(), call -> {
            if (call instanceof UpdateItemRequest) {
                throw SdkClientException.create("no answer");
            }
        });

        assertThat(bySession(failing)).isInstanceOfSatisfying(Authentication.Valid.class,
                valid -> assertThat(valid.unrecorded()).isPresent());
    }

    @Test
    void anUnknownCredentialIsInvalid() {
        TABLES.clear();

        assertThat(bySession(authenticator)).isEqualTo(new Authentication.Invalid("unknown_session"));
        assertThat(byToken()).isEqualTo(new Authentication.Invalid("unknown_token"));
        assertThat(authenticator.check(new Credential.None(), Optional.empty()))
                .isEqualTo(new Authentication.Invalid("no_credential"));
    }
}
