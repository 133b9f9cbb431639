package usersapi.user;

import java.util.Optional;

/**
 * The settings of a user. To add one, add a constant: all code that reads, stores and answers settings uses this list; the
 * README names the other places. Each value is a text, in JSON and in the table.
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
     * @param refusal the detail for an invalid text
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

    /** The stored form of a client's text; empty if the text is invalid. */
    abstract Optional<String> parse(String text);
}
