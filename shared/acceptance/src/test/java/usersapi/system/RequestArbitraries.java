package usersapi.system;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Requests to the API: good ones of every endpoint, with something done to them. Three people take part: jane has sessions
 * and no subscription, carl a session and a subscription, and bert an access token.
 */
final class RequestArbitraries {

    private static final String CREDENTIAL = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final List<ApiDescription.Operation> OPERATIONS = ApiDescription.read().operations();
    private static final Arbitrary<String> LINE = Arbitraries.strings().withCharRange(' ', '~')
            .withCharRange('\u0080', '\u00ff').ofMaxLength(60);
    private static final Arbitrary<String> TEXT = Arbitraries.strings().ascii().withCharRange('\u0080', '\uffff')
            .ofMaxLength(30);
    private static final Arbitrary<String> TOKEN = Arbitraries.strings().alpha().numeric().withChars("-_.~!")
            .ofMinLength(1).ofMaxLength(12);

    private RequestArbitraries() {}

    private static boolean isWebhook(ApiDescription.Operation operation) {
        return operation.path().endsWith("/webhook/");
    }

    private static boolean readsBody(ApiDescription.Operation operation) {
        return operation.path().endsWith("/settings/") || operation.path().endsWith("/checkout/");
    }

    /** Good requests, with up to three things done to them, which need not be bad. */
    static Arbitrary<RawRequest> anything() {
        var changes = changes();
        return Arbitraries.oneOf(OPERATIONS.stream().map(operation -> changed(good(operation), changes, 3)).toList());
    }

    /** Requests that are refused, whatever else is done to them: they lack what each needs. */
    static Arbitrary<RawRequest> refusals() {
        var changes = changes();
        return Arbitraries.oneOf(OPERATIONS.stream().map(operation -> Combinators
                .combine(changed(good(operation), changes, 2), defect(operation))
                .as((request, defect) -> defect.apply(request.withMethod(operation.method())))).toList());
    }

    private static Arbitrary<RawRequest> changed(Arbitrary<RawRequest> request,
            Arbitrary<UnaryOperator<RawRequest>> changes, int most) {
        return Combinators.combine(request, changes.list().ofMaxSize(most)).as((good, list) -> {
            var result = good;
            for (var change : list) {
                result = change.apply(result);
            }
            return result;
        });
    }

    private static Arbitrary<RawRequest> good(ApiDescription.Operation operation) {
        var bare = new RawRequest(operation.method(), operation.path(),
                List.of(new RawRequest.Header("Host", "127.0.0.1")), "");
        if (isWebhook(operation)) {
            return events().map(event -> bare.with("Stripe-Signature", "{signature}").withText(event));
        }
        var callers = Arbitraries.of(bySession(bare, "jane"), bySession(bare, "carl"),
                bare.with("Authorization", "Bearer {bert.token}"));
        return readsBody(operation)
                ? Combinators.combine(callers, bodies(operation)).as(RawRequest::withText)
                : callers;
    }

    private static RawRequest bySession(RawRequest request, String name) {
        return request.with("Cookie", "sessionid={%s.session}".formatted(name))
                .with("X-CSRFToken", "{%s.csrf}".formatted(name)).with("Origin", "{origin}");
    }

    private static Arbitrary<String> bodies(ApiDescription.Operation operation) {
        return operation.path().endsWith("/settings/")
                ? Arbitraries.of("UTC", "Europe/Zurich", "America/Argentina/Buenos_Aires", "Etc/GMT+5")
                        .map("{\"tz\": \"%s\"}"::formatted)
                        .injectNull(0.1).map(body -> body == null ? "{\"tz\": null}" : body)
                : Arbitraries.of("{\"plan\": \"pro\"}");
    }

    /** Events that are about no subscription: for one that Stripe does not know it is right to fail, and be sent again. */
    private static Arbitrary<String> events() {
        var types = Arbitraries.of("checkout.session.completed", "customer.subscription.updated", "invoice.paid",
                "charge.refunded", "");
        var objects = Arbitraries.of("{}", "null", "[]", "7", "{\"id\": 7}", "{\"parent\": 1}",
                "{\"subscription\": null}", "{\"metadata\": {\"external_id\": \"nobody\"}}");
        return Combinators.combine(types, objects, Arbitraries.integers().between(1, 1_000_000))
                .as("{\"id\": \"evt_%3$d\", \"type\": \"%1$s\", \"data\": {\"object\": %2$s}}"::formatted);
    }

    private static Arbitrary<UnaryOperator<RawRequest>> changes() {
        return Arbitraries.oneOf(cookies(), authorizations(), csrfTokens(), origins(), texts(), jsonBodies(), bytes(),
                targets(), methods(), headers());
    }

    private static Arbitrary<UnaryOperator<RawRequest>> always(UnaryOperator<RawRequest> change) {
        return Arbitraries.just(change);
    }

    private static Arbitrary<UnaryOperator<RawRequest>> one(Arbitrary<String> values,
            BiFunction<RawRequest, String, RawRequest> change) {
        return values.map(value -> request -> change.apply(request, value));
    }

    private static Arbitrary<UnaryOperator<RawRequest>> cookies() {
        var wrong = Arbitraries.of("", "sessionid", "sessionid=", "sessionid=" + CREDENTIAL,
                "sessionid={jane.session}{jane.session}", "sessionid={bert.token}",
                "sessionid={jane.session}; sessionid={carl.session}", "SESSIONID={jane.session}", ";;=;",
                "sessionid=\"{jane.session}", "sessionid={jane.session}\u00e9");
        var right = Arbitraries.of("a=b; sessionid={jane.session}", "sessionid=\"{carl.session}\"; c=",
                "sessionid={jane.session}; sessionid={jane.session}", " sessionid={carl.session} ;");
        var nearly = Arbitraries.integers().between(0, 42).map("sessionid={jane.session~%d}"::formatted);
        return Arbitraries.oneOf(
                one(Arbitraries.oneOf(wrong, right, nearly, LINE),
                        (request, value) -> request.with("Cookie", value)),
                one(Arbitraries.oneOf(wrong, LINE), (request, value) -> request.and("cookie", value)));
    }

    private static Arbitrary<UnaryOperator<RawRequest>> authorizations() {
        var wrong = Arbitraries.of("", "Bearer", "Bearer ", "Bearer " + CREDENTIAL, "Bearer {jane.session}",
                "Basic {bert.token}", "{bert.token}", "Bearer {bert.token}=", "Bearer {bert.token} {bert.token}");
        var right = Arbitraries.of("bearer {bert.token}", "BEARER   {bert.token}  ");
        var nearly = Arbitraries.integers().between(0, 42).map("Bearer {bert.token~%d}"::formatted);
        return Arbitraries.oneOf(
                one(Arbitraries.oneOf(wrong, right, nearly, LINE),
                        (request, value) -> request.with("Authorization", value)),
                one(Arbitraries.oneOf(wrong, LINE), (request, value) -> request.and("authorization", value)));
    }

    private static Arbitrary<UnaryOperator<RawRequest>> csrfTokens() {
        var wrong = Arbitraries.of("", CREDENTIAL, "{jane.session}", "{bert.csrf}", "{jane.csrf}{jane.csrf}",
                "\"{jane.csrf}\"");
        var nearly = Arbitraries.integers().between(0, 42).map("{jane.csrf~%d}"::formatted);
        var values = Arbitraries.oneOf(wrong, nearly, LINE, Arbitraries.of("{jane.csrf}", "{carl.csrf}"));
        return Arbitraries.oneOf(one(values, (request, value) -> request.with("x-csrftoken", value)),
                one(values, (request, value) -> request.and("X-CSRFToken", value)));
    }

    private static Arbitrary<UnaryOperator<RawRequest>> origins() {
        var values = Arbitraries.oneOf(LINE, Arbitraries.of("null", "", "{origin}/", "{origin}.evil.example",
                "https://evil.example", "{origin}, https://evil.example"));
        return Arbitraries.oneOf(one(values, (request, value) -> request.with("Origin", value)),
                one(values, (request, value) -> request.and("Origin", value)));
    }

    /** A place of the body's text with characters taken out, put in or repeated. */
    private static Arbitrary<UnaryOperator<RawRequest>> texts() {
        return Combinators.combine(Arbitraries.integers().between(0, 40), Arbitraries.integers().between(0, 5),
                Arbitraries.oneOf(TEXT.map(text -> text.substring(0, Math.min(text.length(), 3))),
                        Arbitraries.of("\"", "{", "}", "\\", "\\u0000", "\\ud800", ",", "1e999", "\u0000", "\uFEFF")))
                .as((at, removed, inserted) -> request -> {
                    var body = request.body();
                    var from = Math.min(at, body.length());
                    var to = Math.min(from + removed, body.length());
                    return request.withBytes(body.substring(0, from)).withText(
                            body.substring(0, from) + inserted + body.substring(to));
                });
    }

    private static Arbitrary<UnaryOperator<RawRequest>> jsonBodies() {
        var members = Combinators.combine(Arbitraries.oneOf(Arbitraries.of("tz", "plan", "id", "data", "type"), TEXT),
                json(3)).as((name, value) -> "%s: %s".formatted(quoted(name), value)).list().ofMaxSize(4);
        return Arbitraries.oneOf(members.map(all -> "{" + String.join(", ", all) + "}"), json(3))
                .map(body -> request -> request.withText(body));
    }

    private static Arbitrary<String> json(int levels) {
        var leaves = Arbitraries.oneOf(TEXT.map(RequestArbitraries::quoted),
                Arbitraries.of("null", "true", "\"UTC\"", "\"pro\"", "\"free\"", "-0", "1e400", "1E-9999999999",
                        "9".repeat(1_001), "[".repeat(40), "{\"a\":".repeat(40) + "1" + "}".repeat(40), "NaN"),
                Arbitraries.bigDecimals().map(Object::toString));
        if (levels == 0) {
            return leaves;
        }
        return Arbitraries.frequencyOf(Tuple.of(3, leaves),
                Tuple.of(1, json(levels - 1).list().ofMaxSize(3)
                        .map(list -> "[" + String.join(",", list) + "]")),
                Tuple.of(1, Combinators.combine(TEXT, json(levels - 1))
                        .as((name, value) -> "{%s: %s}".formatted(quoted(name), value))));
    }

    /** As JSON, with what must be escaped in its numeric form. */
    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars().forEach(c -> quoted.append(
                c < ' ' || c == '"' || c == '\\' || Character.isSurrogate((char) c)
                        ? "\\u%04x".formatted(c)
                        : String.valueOf((char) c)));
        return quoted.append('"').toString();
    }

    private static Arbitrary<UnaryOperator<RawRequest>> bytes() {
        var noise = Arbitraries.strings().withCharRange('\0', '\u00ff');
        return Arbitraries.oneOf(one(noise.ofMaxLength(40), RawRequest::withBytes),
                Arbitraries.of(2_000, 65_537, 70_000).map(length -> request -> request
                        .withText(
                                "{\"tz\": \"UTC\", \"plan\": \"pro\", \"a\": \"%s\"}".formatted("x".repeat(length)))));
    }

    private static Arbitrary<UnaryOperator<RawRequest>> targets() {
        var queries = Arbitraries.oneOf(TOKEN, Arbitraries.of("", "&&=", "a=%zz&b=%", "access_token={bert.token}",
                "tz=UTC&tz=UTC", "a[]=1", "a=" + "x".repeat(3_000), "x".repeat(3_000)));
        return Arbitraries.oneOf(
                always(request -> request.withTarget(request.target().replaceFirst("/$", ""))),
                always(request -> request.withTarget(request.target().replace("/", "//"))),
                one(queries, (request, query) -> request.withTarget(request.target() + "?" + query)), otherTargets());
    }

    /** To where no route is. */
    private static Arbitrary<UnaryOperator<RawRequest>> otherTargets() {
        var suffixes = Arbitraries.oneOf(TOKEN.filter(text -> !text.contains("..")),
                Arbitraries.of("%00", "%2e%2e", "..;", ";a=b", "%c0%af", "*", "{proxy+}", "x/y", "%"));
        return Arbitraries.oneOf(one(suffixes, (request, text) -> request.withTarget("/api/users/me/" + text + "/")),
                one(suffixes, (request, text) -> request.withTarget("/api/" + text)),
                always(request -> request.withTarget(request.target().replaceFirst("users", "Users"))),
                always(request -> request.withTarget("/prod" + request.target())),
                always(request -> request.withTarget("/api/./" + request.target())),
                always(request -> request.withTarget(request.target().replaceFirst("users", "user%73"))));
    }

    private static Arbitrary<UnaryOperator<RawRequest>> methods() {
        return one(Arbitraries.oneOf(Arbitraries.of("GET", "HEAD", "POST", "PATCH", "OPTIONS", "TRACE"),
                unknownMethods()), RawRequest::withMethod);
    }

    private static Arbitrary<String> unknownMethods() {
        return Arbitraries.oneOf(Arbitraries.of("PUT", "DELETE", "get", "Post"),
                TOKEN.map(token -> "X" + token.replace("~", "")));
    }

    private static Arbitrary<UnaryOperator<RawRequest>> headers() {
        var names = Arbitraries.oneOf(TOKEN.map("X-"::concat), Arbitraries.of("Accept", "Content-Type", "User-Agent",
                "X-HTTP-Method-Override", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Referer",
                "Range",
                "If-None-Match", "Content-Encoding", "Stripe-Signature", "Accept-Encoding", "X-Amzn-Trace-Id",
                "X".repeat(1_500)));
        var values = Arbitraries.oneOf(LINE, Arbitraries.of("application/octet-stream", "multipart/form-data", "gzip",
                "image/png, */*", "*/*", "DELETE", "bytes=0-0", "x".repeat(11_000)));
        return Combinators.combine(names, values).as((name, value) -> request -> request.and(name, value));
    }

    private static Arbitrary<UnaryOperator<RawRequest>> defect(ApiDescription.Operation operation) {
        var all = new ArrayList<Arbitrary<UnaryOperator<RawRequest>>>(List.of(otherTargets(),
                one(unknownMethods(), RawRequest::withMethod)));
        if (isWebhook(operation)) {
            all.add(one(Arbitraries.oneOf(LINE, Arbitraries.of("{signature~5}", "t=1,v1={signature}", "{signature~70}",
                    "{stale signature}")),
                    (request, value) -> request.without("Stripe-Signature").and("stripe-signature", value)));
            all.add(one(TEXT, (request, text) -> request.with("Stripe-Signature", "{signature of another body}")
                    .withText(text)));
            return Arbitraries.oneOf(all);
        }
        all.add(always(request -> request.without("Cookie", "Authorization")));
        // A wrong token is no reason to look at the cookie.
        all.add(cookies()
                .map(cookie -> request -> cookie.apply(request).with("Authorization", "Bearer " + CREDENTIAL)));
        all.add(Arbitraries.integers().between(0, 42).map(at -> request -> request
                .without("Cookie", "Authorization").and("Cookie", "sessionid={jane.session~%d}".formatted(at))));
        all.add(Arbitraries.integers().between(0, 42).map(at -> request -> request
                .with("Authorization", "Bearer {bert.token~%d}".formatted(at))));
        if (!operation.method().equals("GET")) {
            UnaryOperator<RawRequest> bySession = request -> bySession(request.without("Authorization"), "jane");
            all.add(Arbitraries.integers().between(0, 42).map(at -> request -> bySession.apply(request)
                    .with("X-CSRFToken", "{jane.csrf~%d}".formatted(at))));
            all.add(one(Arbitraries.of("{carl.csrf}", "{jane.session}", "", CREDENTIAL),
                    (request, token) -> bySession.apply(request).with("X-CSRFToken", token)));
            all.add(always(request -> bySession.apply(request).without("X-CSRFToken")));
            all.add(one(
                    Arbitraries.of("null", "https://evil.example", "{origin}/", "{origin}.evil.example", "{origin}1"),
                    (request, origin) -> bySession.apply(request).with("Origin", origin)));
        }
        if (readsBody(operation)) {
            all.add(Arbitraries.of("", "{", "[]", "{\"tz\": 7, \"plan\": 7}",
                    "{\"tz\": \"Mars/Base\", \"plan\": \"gold\"}",
                    "{\"plan\": \"pro\", \"tz\": \"UTC\", \"tz\": \"UTC\"}",
                    "{\"plan\": \"pro\", \"tz\": \"UTC\"} x", "{\"plan\": null, \"tz\": false}",
                    "{\"plan\":\"pro\",\"tz\":\"\uFFFD\"}")
                    .map(body -> request -> request.withText(body)));
        }
        return Arbitraries.oneOf(all);
    }
}
