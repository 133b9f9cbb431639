package usersapi.user;

import java.time.zone.ZoneRulesProvider;
import java.util.Optional;
import java.util.Set;

/** IANA's time zone identifiers, for example {@code Europe/Zurich}. */
final class TimeZoneName {

    /** IANA's names that Java's time zone data lacks. */
    private static final Set<String> FURTHER_ZONES = Set.of("EST", "MST", "HST", "ROC", "GMT+0", "GMT-0");

    private TimeZoneName() {}

    /** The stored form of the identifier; empty if it is invalid. Java's own «SystemV/…» zones are not IANA's. */
    static Optional<String> parse(String id) {
        boolean isZone = FURTHER_ZONES.contains(id)
                || (!id.startsWith("SystemV/") && ZoneRulesProvider.getAvailableZoneIds().contains(id));
        return isZone ? Optional.of(id) : Optional.empty();
    }
}
