package usersapi.user;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

    private static final String NO_ADDRESS = "email: must be an e-mail address";
    private static final String NEEDS_ASCII = "email: give the domain in its ASCII form (xn--…)";

    /** Each address as it is given, and the canonical form that identifies its user. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            // ASCII: the case of A to Z does not count, everything else does.
            "jane@example.com                 | jane@example.com",
            "Jane.DOE+x@EXAMPLE.com           | jane.doe+x@example.com",
            "AZaz09@AZaz09.example            | azaz09@azaz09.example",
            "o'brien@example.com              | o'brien@example.com",
            "!#$%&'*+-/=?^_`{}~@example.com   | !#$%&'*+-/=?^_`{}~@example.com",
            "a@1.2.example                    | a@1.2.example",
            "a@a-b.example                    | a@a-b.example",
            // A domain beyond ASCII is its A-labels, which stand as they are.
            "anna@bücher.example              | anna@xn--bcher-kva.example",
            "anna@xn--bcher-kva.example       | anna@xn--bcher-kva.example",
            "anna@XN--BCHER-KVA.Example       | anna@xn--bcher-kva.example",
            "anna@BÜCHER.example              | anna@xn--bcher-kva.example",
            "anna@bu\u0308cher.example        | anna@xn--bcher-kva.example",
            "anna@xn--strae-oqa.example       | anna@xn--strae-oqa.example",
            "a@例え.jp                         | a@xn--r8jz45g.jp",
            "a@ｅｘａｍｐｌｅ.com                  | a@example.com",
            "a@shop.ελλάδα                    | a@shop.xn--hxakic4aa",
            "a@büro.BÜRO.example              | a@xn--bro-hoa.xn--bro-hoa.example",
            // A local part beyond ASCII is brought to NFC (H with a macron below has no composed form, h has), and nothing
            // else folds.
            "jos\u00e9@example.com            | jos\u00e9@example.com",
            "jose\u0301@example.com           | jos\u00e9@example.com",
            "JOSÉ@example.com                 | josÉ@example.com",
            "JOSE\u0301@example.com           | josÉ@example.com",
            "H\u0331@example.com              | \u1e96@example.com",
            "straße@example.com               | straße@example.com",
            "k\u0130m@example.com             | k\u0130m@example.com",
            "k\u0131m@example.com             | k\u0131m@example.com",
            "\uff41@example.com               | \uff41@example.com"})
    void isOneUserByItsCanonicalForm(String given, String canonical) {
        assertThat(EmailAddress.parse(given)).isEqualTo(new EmailAddress.Parsed.Valid(
                new EmailAddress(given, canonical)));
        assertThat(EmailAddress.parse(canonical)).isEqualTo(new EmailAddress.Parsed.Valid(
                new EmailAddress(canonical, canonical)));
    }

    @Test
    void surroundingBlanksAreNotOfTheAddress() {
        assertThat(EmailAddress.parse(" \tJane@example.com\n")).isEqualTo(new EmailAddress.Parsed.Valid(
                new EmailAddress("Jane@example.com", "jane@example.com")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "@", "jane", "@example.com", "jane@", "a@b@c.example", "jane doe@example.com",
            "jane@exam\nple.com", "jane@\u0000example.com", "\u200Bjane@example.com", "jane\u202E@example.com",
            "ja\u00A0ne@example.com", "jane\uD83D@example.com", "jane\uE000@example.com",
            // not an address alone
            "<a@example.com>", "mailto:m@example.com", "a@example.com;b", "a@example.com,b@example.com",
            "Anna <a@example.com>", "a@example.com(home)", "a@example.com/x", "a@example.com:25", "a\\b@example.com",
            // dots that separate nothing
            ".a@example.com", "a.@example.com", "a..b@example.com", "a@.example.com", "a@example..com",
            "a@example.com.",
            // forms that are legal, and never a person's
            "\"a b\"@example.com", "\"a\"@example.com", "a@[127.0.0.1]", "a@[IPv6:::1]", "a@127.0.0.1", "a@localhost",
            "a@xn--bcher-kva", "a@example.123", "a@example.09",
            // labels that no domain has
            "a@-example.com", "a@example-.com", "a@exa_mple.com", "a@xn--.example", "a@example.xn--", "a@exam ple.com",
            // what NFC makes ASCII of: a Kelvin sign would be another's K, a Greek question mark is a semicolon
            "\u212Aim@example.com", "a\u037Eb@example.com"})
    void refusesInvalidAddresses(String text) {
        assertThat(EmailAddress.parse(text)).isEqualTo(new EmailAddress.Parsed.Invalid(NO_ADDRESS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"straße", "faß", "STRASSẞE", "βόλος", "ΒΌΛΟΣ", "a\u200Db", "a\u200C\u00fc", "a\u00ADb",
            "xn--ü", "\uFF58\uFF4E--bcher-kva", "a\u3002b", "a\uFF0Eb", "ü_", "-ü", "ü-", "☕", "א1", "\uD83D",
            "\u00A0a", "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü"})
    void asksForTheAsciiFormOfADomainThatTheJdkWouldMistake(String label) {
        assertThat(EmailAddress.parse("a@" + label + ".example"))
                .isEqualTo(new EmailAddress.Parsed.Invalid(NEEDS_ASCII));
    }

    @Test
    void boundsTheLocalPartTheLabelsTheDomainAndTheWholeInOctets() {
        assertThat(EmailAddress.parse("a".repeat(64) + "@example.com")).isInstanceOf(EmailAddress.Parsed.Valid.class);
        assertRefused("a".repeat(65) + "@example.com");
        assertThat(EmailAddress.parse("ü".repeat(32) + "@example.com")).isInstanceOf(EmailAddress.Parsed.Valid.class);
        assertRefused("ü".repeat(32) + "a@example.com");
        assertThat(EmailAddress.parse("a@" + "b".repeat(63) + ".com")).isInstanceOf(EmailAddress.Parsed.Valid.class);
        assertRefused("a@" + "b".repeat(64) + ".com");

        var label = "b".repeat(61) + "."; // 62 octets
        assertThat(EmailAddress.parse("a@" + label.repeat(4) + "coms")).isInstanceOf(EmailAddress.Parsed.Valid.class);
        assertRefused("a@" + label.repeat(4) + "comsx");
        assertRefused("ab@" + label.repeat(4) + "coms");
        assertRefused("a".repeat(1_000_000) + "@example.com");
        assertRefused("a@" + "ü.".repeat(1_000_000) + "com");
    }

    @Test
    void theWholeIsBoundInItsAsciiForm() {
        var label = "ü" + "b".repeat(28) + "."; // 30 characters, 36 octets as an A-label
        assertThat(EmailAddress.parse("a@" + label.repeat(6) + "com")).isInstanceOf(EmailAddress.Parsed.Valid.class);
        assertRefused("a@" + label.repeat(7) + "com");
    }

    @Test
    void neverShowsAnAddressByToString() {
        assertThat(EmailAddress.parse("jane@example.com").toString()).doesNotContain("jane");
        assertThat(new EmailAddress("jane@example.com", "jane@example.com").toString()).doesNotContain("jane");
    }

    private static void assertRefused(String text) {
        assertThat(EmailAddress.parse(text)).isEqualTo(new EmailAddress.Parsed.Invalid(NO_ADDRESS));
    }
}
