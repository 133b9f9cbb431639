package usersapi.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.CoreFixture;
import usersapi.testing.LocalTables;
import usersapi.token.TokenFixture;
import usersapi.wiring.CoreModule;

class SettingsRepositoryTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final SettingsRepository settings = new SettingsRepository(
            CoreModule.dynamoDb(UrlConnectionHttpClient.create(), Environment.PROCESS), CoreFixture.users(),
            Clock.fixed(NOW.plusSeconds(60), ZoneOffset.UTC));

    @Test
    void changesTheTimeZoneAndNothingElse() {
        var userId = user("zone@example.com");
        var before = profile(userId);

        assertThat(settings.update(userId, timeZone(Optional.of("Europe/Zurich")))).isTrue();

        var expected = new HashMap<>(before);
        expected.put("settings", AttributeValue.fromM(Map.of("tz", AttributeValue.fromS("Europe/Zurich"))));
        expected.put("modified", AttributeValue.fromS("2026-03-01T12:01:00Z"));
        assertThat(profile(userId)).isEqualTo(expected);
        assertThat(settings.update(userId, timeZone(Optional.empty()))).isTrue();
        assertThat(profile(userId)).containsEntry("settings", before.get("settings"));
    }

    @Test
    void anUnknownUserIsNotMadeByAnUpdate() {
        var items = TABLES.items();

        assertThat(settings.update("nobody", timeZone(Optional.of("UTC")))).isFalse();
        assertThat(TABLES.items()).isEqualTo(items);
    }

    private static SettingsChange timeZone(Optional<String> tz) {
        return new SettingsChange(Map.of(Setting.TZ, tz));
    }

    private static Map<String, AttributeValue> profile(String userId) {
        return TABLES.item("Users", "user#" + userId).orElseThrow();
    }

    private static String user(String address) {
        var email = ((EmailAddress.Parsed.Valid) EmailAddress.parse(address)).address();
        return new UserRegistration(CoreFixture.dynamoDb(), CoreFixture.users(), CoreFixture.credentials(),
                TokenFixture.cipher(), new SecureRandom(), Clock.fixed(NOW, ZoneOffset.UTC)).provision(email).userId();
    }
}
