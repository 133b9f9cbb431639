package usersapi.user;

import java.util.Optional;

/**
 * The settings that a user can make. A further one is a constant here: reading, storing and answering go by this list. The
 * value of each is a text, on the wire as in the table.
 */
public enum Setting {
    /** The time zone, by its IANA identifier. */
    TZ("tz", "unknown time zone") {
        @Override
        Optional<String> parse(String text) {
            return TimeZoneName.parse(text);
        }
    },
    /** The language and region in which dates, numbers and texts are shown, by its language tag. */
    LOCALE("locale", "not a language tag") {
        @Override
        Optional<String> parse(String text) {
            return LanguageTag.parse(text);
        }
    };

    private final String wireName;
    private final String refusal;

    /**
     * A setting.
     *
     * @param wireName its name in requests, answers and the table
     * @param refusal what to say of a text that it cannot be
     */
    Setting(String wireName, String refusal) {
        this.wireName = wireName;
        this.refusal = refusal;
    }

    /** Its name in requests, answers and the table. */
    public String wireName() {
        return wireName;
    }

    /** The detail of a refusal. */
    String refusal() {
        return refusal;
    }

    /** The form in which a client's text is stored; empty for one that it cannot be. */
    abstract Optional<String> parse(String text);
}
