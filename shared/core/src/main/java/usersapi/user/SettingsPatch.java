package usersapi.user;

import java.time.zone.ZoneRulesProvider;
import java.util.Optional;
import java.util.Set;
import usersapi.json.JsonObject;
import usersapi.json.Quoted;

/**
 * The settings that a request changes (users-api.md, «Update user settings»). What it does not name it does not
 * change, and settings we do not know are ignored.
 *
 * @param tz an IANA time zone identifier; empty to forget the one there is
 */
public record SettingsPatch(Optional<String> tz) {

    /** IANA's names that Java's time zone data leaves out. */
    private static final Set<String> FURTHER_ZONES = Set.of("EST", "MST", "HST", "ROC", "GMT+0", "GMT-0");

    /** What a request body can ask for. */
    public sealed interface Parsed {

        /** At least one setting. */
        record Change(SettingsPatch patch) implements Parsed {}

        /** No setting of ours. */
        record Nothing() implements Parsed {}

        /** Something that no setting can be; {@code detail} says what to correct. */
        record Invalid(String detail) implements Parsed {}
    }

    /** Reads the body of {@code PATCH /api/users/settings/}. */
    public static Parsed parse(JsonObject body) {
        if (!body.has("tz")) {
            return new Parsed.Nothing();
        }
        return switch (body.get("tz")) {
            case null -> new Parsed.Change(new SettingsPatch(Optional.empty()));
            case String tz when isZone(tz) -> new Parsed.Change(new SettingsPatch(Optional.of(tz)));
            case String tz -> new Parsed.Invalid("tz: unknown time zone " + Quoted.of(tz));
            default -> new Parsed.Invalid("tz: must be a string or null");
        };
    }

    /** Java's own «SystemV/…» zones are not IANA's. */
    private static boolean isZone(String id) {
        return FURTHER_ZONES.contains(id)
                || (!id.startsWith("SystemV/") && ZoneRulesProvider.getAvailableZoneIds().contains(id));
    }
}
