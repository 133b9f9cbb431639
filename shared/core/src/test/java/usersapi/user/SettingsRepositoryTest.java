package usersapi.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.CoreFixture;
import usersapi.testing.LocalTables;
import usersapi.token.TokenFixture;
import usersapi.wiring.CoreModule;

class SettingsRepositoryTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final SettingsRepository settings = new SettingsRepository(
            CoreModule.dynamoDb(UrlConnectionHttpClient.create(), TABLES::variable), CoreFixture.users(TABLES),
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

    @Test
    void findsTheStoredSettings() {
        var userId = user("told@example.com");
        assertThat(settings.find(userId)).contains(new Settings(Map.of()));

        settings.update(userId, timeZone(Optional.of("UTC")));

        assertThat(settings.find(userId)).contains(new Settings(Map.of(Setting.TZ, "UTC")));
        assertThat(settings.find("nobody")).isEmpty();
    }

    @Test
    void ignoresAStoredSettingThatIsNoLongerKnown() {
        var userId = user("old@example.com");
        var profile = new HashMap<>(profile(userId));
        profile.put("settings", AttributeValue.fromM(Map.of("abolished", AttributeValue.fromS("x"))));
        TABLES.put("Users", profile);

        assertThat(settings.find(userId)).contains(new Settings(Map.of()));
        settings.update(userId, timeZone(Optional.of("UTC")));
        assertThat(profile(userId).get("settings").m()).containsOnlyKeys("abolished", "tz");
    }

    /** Each change names some of the settings; the others, and all else of the profile, are as before. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {41, 42, 43})
    void aChangeTouchesWhatItNamesAndNothingElse(long seed) {
        var random = new Random(seed);
        var userId = user("alone%d@example.com".formatted(seed));
        var rest = withoutSettings(userId);
        var model = new EnumMap<Setting, String>(Setting.class);
        for (int i = 0; i < 60; i++) {
            var change = new EnumMap<Setting, Optional<String>>(Setting.class);
            change.put(any(random), value(random));
            for (var setting : Setting.values()) {
                if (random.nextInt(3) == 0) {
                    change.put(setting, value(random));
                }
            }

            settings.update(userId, new SettingsChange(change));

            change.forEach((setting, value) -> value.ifPresentOrElse(text -> model.put(setting, text),
                    () -> model.remove(setting)));
            assertThat(settings.find(userId)).contains(new Settings(model));
        }
        assertThat(withoutSettings(userId)).isEqualTo(rest);
    }

    /** Each setting has a client of its own, all at once: in the end each is as its client has left it. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {51, 52, 53})
    void aChangeTouchesNothingElseInARace(long seed) throws Exception {
        var userId = user("raced%d@example.com".formatted(seed));
        var expected = new EnumMap<Setting, String>(Setting.class);
        var seeds = new Random(seed);
        try (var threads = Executors.newFixedThreadPool(Setting.values().length)) {
            var running = new EnumMap<Setting, Future<Optional<String>>>(Setting.class);
            for (var setting : Setting.values()) {
                var random = new Random(seeds.nextLong());
                running.put(setting, threads.submit(() -> {
                    var last = Optional.<String>empty();
                    for (int i = 0; i < 40; i++) {
                        last = value(random);
                        settings.update(userId, new SettingsChange(Map.of(setting, last)));
                    }
                    return last;
                }));
            }
            for (var run : running.entrySet()) {
                run.getValue().get().ifPresent(text -> expected.put(run.getKey(), text));
            }
        }

        assertThat(settings.find(userId)).contains(new Settings(expected));
    }

    private static Setting any(Random random) {
        return List.of(Setting.values()).get(random.nextInt(Setting.values().length));
    }

    private static Optional<String> value(Random random) {
        return random.nextInt(4) == 0 ? Optional.empty() : Optional.of("v" + random.nextInt(1_000));
    }

    /** The profile without its settings and the time of its change. */
    private static Map<String, AttributeValue> withoutSettings(String userId) {
        var rest = new HashMap<>(profile(userId));
        rest.keySet().removeAll(List.of("settings", "modified"));
        return rest;
    }

    private static SettingsChange timeZone(Optional<String> tz) {
        return new SettingsChange(Map.of(Setting.TZ, tz));
    }

    private static Map<String, AttributeValue> profile(String userId) {
        return TABLES.item("Users", "user#" + userId).orElseThrow();
    }

    private static String user(String address) {
        var email = ((EmailAddress.Parsed.Valid) EmailAddress.parse(address)).address();
        return new UserRegistration(CoreFixture.client(TABLES), CoreFixture.users(TABLES),
                CoreFixture.credentials(TABLES),
                TokenFixture.cipher(TABLES), new SecureRandom(), Clock.fixed(NOW, ZoneOffset.UTC)).provision(email)
                .userId();
    }
}
