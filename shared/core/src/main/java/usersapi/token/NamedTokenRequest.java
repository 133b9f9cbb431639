package usersapi.token;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import usersapi.json.JsonObject;

/**
 * The named token that a request asks for (docs/api.md, «Create a token»).
 *
 * @param label the user's label
 * @param lifetime how long it is valid; empty if it has no end
 * @param readOnly whether it is limited to reading
 */
public record NamedTokenRequest(String label, Optional<Duration> lifetime, boolean readOnly) {

    private static final int MAX_DAYS = 3_650;
    private static final String DAYS = "expires_in_days: must be a whole number from 1 to %d, or null"
            .formatted(MAX_DAYS);

    /** The outcomes of reading a request body. */
    public sealed interface Parsed {

        /** The request is valid. */
        record Valid(NamedTokenRequest request) implements Parsed {}

        /** The request is invalid; {@code detail} says what to correct. */
        record Invalid(String detail) implements Parsed {}
    }

    /** Reads the body of {@code POST /api/users/tokens/}; unknown members are ignored. */
    public static Parsed parse(JsonObject body) {
        if (!(body.get("label") instanceof String text)) {
            return new Parsed.Invalid("label: must be a string");
        }
        return switch (TokenLabel.parse(text)) {
            case TokenLabel.Parsed.Invalid(var detail) -> new Parsed.Invalid(detail);
            case TokenLabel.Parsed.Valid(var label) -> parse(label, body);
        };
    }

    private static Parsed parse(String label, JsonObject body) {
        var days = days(body.get("expires_in_days"));
        if (days.isEmpty() && body.get("expires_in_days") != null) {
            return new Parsed.Invalid(DAYS);
        }
        return body.flag("read_only")
                .<Parsed>map(readOnly -> new Parsed.Valid(
                        new NamedTokenRequest(label, days.map(Duration::ofDays), readOnly)))
                .orElseGet(() -> new Parsed.Invalid("read_only: must be true or false"));
    }

    /** The value decides whether a JSON number is whole, not its spelling: {@code 1e1} is 10. */
    private static Optional<Long> days(Object value) {
        var number = switch (value) {
            case Long whole -> BigDecimal.valueOf(whole);
            case BigInteger whole -> new BigDecimal(whole);
            case BigDecimal decimal -> decimal;
            case null, default -> null;
        };
        // Compared first: the digits of 1e999999999 would fill the memory.
        return number != null && number.compareTo(BigDecimal.ONE) >= 0
                && number.compareTo(BigDecimal.valueOf(MAX_DAYS)) <= 0
                && number.stripTrailingZeros().scale() <= 0
                        ? Optional.of(number.longValueExact())
                        : Optional.empty();
    }

    /** Without the label, which is the user's text. */
    @Override
    public String toString() {
        return "NamedTokenRequest[" + lifetime + ", " + readOnly + "]";
    }
}
