package usersapi.template;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usersapi.standin.TemplateSource;

/** CloudFormation refuses invalid parameters before it deploys anything. */
class ParametersTest {

    private static final TemplateSource TEMPLATE = TemplateSource.read();

    /** CloudFormation matches the whole value, by java.util.regex. */
    private static boolean accepts(String parameter, String value) {
        return value.matches(TEMPLATE.section("Parameters").get(parameter).get("AllowedPattern").toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { //
            "StripePlans | pro=price_1", //
            "StripePlans | pro=price_1,team=price_2", //
            "StripePlans | freemium=price_1,pro-free=price_2", //
            "CheckoutSuccessPath | /billing/success?session_id={CHECKOUT_SESSION_ID}", //
            "CheckoutSuccessPath | /#/billing", //
            "PortalReturnPath | /", //
            "FrontendOrigin | https://app.example.com:8443", //
            "WebAclArn | arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/x/1", //
            "SiteCertificateArn | arn:aws:acm:us-east-1:123456789012:certificate/1"})
    void take(String parameter, String value) {
        assertThat(accepts(parameter, value)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { //
            "StripePlans | free=price_1", //
            "StripePlans | pro=price_1,free=price_2", //
            "StripePlans | pro=price_1,pro=price_2", //
            "StripePlans | pro=price_1,team=price_1", //
            "StripePlans | pro=price_1,team=price_2,max=price_1", //
            "StripePlans | pro=prod_1", //
            "CheckoutSuccessPath | billing", //
            "CheckoutSuccessPath | /billing success", //
            "CheckoutSuccessPath | /billing/{SESSION}", //
            "PortalReturnPath | /billing/{CHECKOUT_SESSION_ID}", //
            "FrontendOrigin | https://app.example.com/", //
            "FrontendOrigin | https://app.example.com:443", //
            "FrontendOrigin | http://app.example.com", //
            "SessionCookie | session id", //
            "WebAclArn | arn:aws:waf::123456789012:webacl/1", //
            "SiteCertificateArn | arn:aws:acm:eu-central-1:123456789012:certificate/1"})
    void refuse(String parameter, String value) {
        assertThat(accepts(parameter, value)).isFalse();
    }

    /** An id of a price at Stripe has about 30 characters. */
    @Test
    void holdTenPlansWithAMonthlyAndAYearlyPrice() {
        var plans = IntStream.range(0, 10).mapToObj(i -> "a-plan-with-name-%d=%s|%s".formatted(i,
                "price_1%023dMonthly".formatted(i), "price_1%023dYearly".formatted(i))).collect(joining(","));
        var declared = TEMPLATE.section("Parameters").get("StripePlans");

        assertThat(plans.length()).isLessThanOrEqualTo(Integer.parseInt(declared.get("MaxLength").toString()));
        assertThat(accepts("StripePlans", plans)).isTrue();
        assertThat(accepts("StripePlans", plans + ",other=price_1" + "0".repeat(23) + "Monthly")).isFalse();
    }

    /** With one name the CSRF token would replace the session, or the other way round. */
    @Test
    void refuseOneNameForBothCookies() {
        assertThat(rule("CookiesHaveTwoNames")).isEqualTo(Map.of("Fn::Not", List.of(Map.of("Fn::Equals",
                List.of(Map.of("Ref", "SessionCookie"), Map.of("Ref", "CsrfCookie"))))));
    }

    /** A browser accepts such a cookie from its host only, and over HTTPS only. */
    @Test
    void nameTheCookiesForOneHost() {
        assertThat(TEMPLATE.section("Parameters").get("SessionCookie").get("Default").toString())
                .startsWith("__Host-");
        assertThat(TEMPLATE.section("Parameters").get("CsrfCookie").get("Default").toString()).startsWith("__Host-");
    }

    private static Object rule(String name) {
        return ((Map<?, ?>) ((List<?>) TEMPLATE.section("Rules").get(name).get("Assertions")).getFirst())
                .get("Assert");
    }
}
