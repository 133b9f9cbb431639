package usersapi.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The setting {@code locale}. */
class LanguageTagTest {

    @ParameterizedTest
    @CsvSource({"de,de", "de-CH,de-CH", "DE-ch,de-CH", "az-LATN-az,az-Latn-AZ", "es-419,es-419",
            "sl-ROZAJ-Biske,sl-rozaj-biske",
            "de-CH-1996,de-CH-1996", "hy-Latn-IT-arevela,hy-Latn-IT-arevela", "en-US-u-CA-gregory,en-US-u-ca-gregory",
            "en-t-DE-latn,en-t-de-latn", "de-a-Foo-b-BAR,de-a-foo-b-bar", "en-CA-x-CA,en-CA-x-ca",
            "az-latn-X-LATN,az-Latn-x-latn", "gsw,gsw", "english,english", "root,root"})
    void takesWellFormedTagsAndKeepsTheirCanonicalCase(String text, String stored) {
        assertThat(Setting.LOCALE.parse(text)).contains(stored);
        assertThat(Locale.forLanguageTag(stored).toLanguageTag()).isEqualTo(stored);
        assertThat(Setting.LOCALE.parse(stored)).contains(stored);
    }

    /** Java knows a newer tag for most of these; what the user wrote stays. */
    @ParameterizedTest
    @CsvSource({"zh-GAN,zh-gan", "zh-cmn-hans-cn,zh-cmn-Hans-CN", "I-Klingon,i-klingon", "i-default,i-default",
            "EN-gb-OED,en-GB-oed", "sgn-be-fr,sgn-BE-FR", "art-Lojban,art-lojban", "zh-min-nan,zh-min-nan",
            "no-nyn,no-nyn", "x-Whatever-a-1,x-whatever-a-1", "iw-IL,iw-IL"})
    void takesExtendedGrandfatheredAndPrivateTags(String text, String stored) {
        assertThat(Setting.LOCALE.parse(text)).contains(stored);
        assertThat(Setting.LOCALE.parse(stored)).contains(stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "und", "UND", "de_CH", "de-CH_x", "_", "-", "-de", "de-", "de-CH-", "de--CH", "d",
            "1", "de CH",
            " de", "de ", "de-CH\n", "de-12", "de-1a", "de-DE-DE", "de-Latn-Latn", "de-abcdefghi",
            "abcdefghi",
            "de-u", "de-u-", "de-u-c", "de-x", "x", "x-", "x-abcdefghi", "i-unknown", "a-foo", "C", "en-a-bbb-a-ccc",
            "en-u-ca-buddhist-ca-gregory", "zh-gan-hak", "zh-aaa-bbb-ccc", "d\u00e9", "\u0434\u0435", "\u212Aa",
            "\u0131t",
            "de-\u0661\u0662\u0663", "en-US;q=0.5", "en,de", "*"})
    void refusesInvalidAndTruncatedTags(String text) {
        assertThat(Setting.LOCALE.parse(text)).isEmpty();
    }

    @Test
    void refusesMoreThan35Characters() {
        assertThat(Setting.LOCALE.parse("de-x-12345678-12345678-12345678-123")).isPresent();
        assertThat(Setting.LOCALE.parse("de-x-12345678-12345678-12345678-1234")).isEmpty();
    }
}
