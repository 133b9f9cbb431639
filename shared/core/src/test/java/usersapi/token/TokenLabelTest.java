package usersapi.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLabelTest {

    @Test
    void isKeptWithoutTheWhiteSpaceAroundIt() {
        Map.of("laptop", "laptop", " a b ", "a b", "\u00a0\u2003CI\u3000\u2028", "CI", "\t\n x \r\u0085", "x",
                "\u00e9\u05d0\ud83d\ude80", "\u00e9\u05d0\ud83d\ude80", "\u200bx", "\u200bx", "<b>", "<b>")
                .forEach((text, label) -> assertThat(TokenLabel.parse(text))
                        .isEqualTo(new TokenLabel.Parsed.Valid(label)));
    }

    @Test
    void has100CharactersAtMostHoweverLongTheyAre() {
        assertThat(TokenLabel.parse("a".repeat(100))).isInstanceOf(TokenLabel.Parsed.Valid.class);
        assertThat(TokenLabel.parse("\ud83d\ude80".repeat(100))).isInstanceOf(TokenLabel.Parsed.Valid.class);
        assertThat(TokenLabel.parse("  " + "a".repeat(100) + "  ")).isInstanceOf(TokenLabel.Parsed.Valid.class);
        assertThat(TokenLabel.parse("a".repeat(101)))
                .isEqualTo(new TokenLabel.Parsed.Invalid("label: must have 1 to 100 characters"));
        assertThat(TokenLabel.parse("\ud83d\ude80".repeat(101))).isInstanceOf(TokenLabel.Parsed.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00a0\u2003\t\r\n", "\u3000"})
    void isNotEmpty(String text) {
        assertThat(TokenLabel.parse(text))
                .isEqualTo(new TokenLabel.Parsed.Invalid("label: must have 1 to 100 characters"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u200b", "\u200b\u200c\u200d\u2060\ufeff", " \u00ad ", "\ufe0f",
            "\udb40\udc41\udb40\udc7f",
            "\udb40\udd00", "\u115f", "\u1160", "\u3164", "\uffa0", "\u2800\u2800", "\u034f", "\u0301", "\u20e3",
            "\u17b4", "\u180b\u180e", "\u2061", "\ufff9", "\ud834\udd59", "\ue000"})
    void showsSomething(String text) {
        assertThat(TokenLabel.parse(text))
                .isEqualTo(new TokenLabel.Parsed.Invalid("label: must have a visible character"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "7", "!", "\u20ac", "\u5b57", "e\u0301", "\u2764\ufe0f", "1\ufe0f\u20e3", "\ud55c",
            "\ud83d\udc68\u200d\ud83d\udcbb", "\ud83c\udde8\ud83c\udded", "\u0915\u093f"})
    void mayBeOneVisibleCharacter(String text) {
        assertThat(TokenLabel.parse(text)).isEqualTo(new TokenLabel.Parsed.Valid(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\tb", "a\nb", "a\u007fb", "a\u0085b", "a\u009fb", "\u202aa", "a\u202b",
            "a\u202cb",
            "\u202d", "a\u202eb", "\u2066a", "a\u2067b", "\u2068a", "a\u2069", "\u200ea", "a\u200f", "\u061ca",
            "a\ud83d", "\ude80a"})
    void holdsNothingByWhichATextLooksLikeAnother(String text) {
        assertThat(TokenLabel.parse(text)).isEqualTo(new TokenLabel.Parsed.Invalid(
                "label: must not contain control characters or bidirectional controls"));
    }
}
