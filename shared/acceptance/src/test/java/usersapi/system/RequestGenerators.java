package usersapi.system;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import usersapi.testing.Generator;

/**
 * Random requests to the API: valid ones for every endpoint, with random changes. There are four people: jane has sessions
 * and no subscription, carl a session and a subscription, bert access tokens, and lea a session that she may end.
 */
final class RequestGenerators {

    private static final String CREDENTIAL = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final List<ApiDescription.Operation> OPERATIONS = ApiDescription.read().operations();
    private static final Generator<String> LINE = Generator.text(
            Generator.oneOf(Generator.character(' ', '~'), Generator.character('\u0080', '\u00ff')), 0, 60);
    private static final Generator<String> TEXT = Generator.text(
            Generator.oneOf(Generator.character('\0', '\u007f'), Generator.character('\u0080', '\uffff')), 0, 30);
    private static final Generator<String> TOKEN = Generator.text(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~!", 1, 12);

    private static final Generator<String> NUMBER = Generator.combine(Generator.text("0123456789", 1, 30),
            Generator.between(-30, 30), (digits, scale) -> new BigDecimal(new BigInteger(digits), scale).toString());

    private RequestGenerators() {}

    private static boolean isWebhook(ApiDescription.Operation operation) {
        return operation.path().endsWith("/webhook/");
    }

    private static boolean readsBody(ApiDescription.Operation operation) {
        return operation.path().matches(".*/(settings|checkout|tokens)/");
    }

    /** Valid requests with up to three changes, which may leave them valid. */
    static Generator<RawRequest> anything() {
        var changes = changes();
        return Generator.oneOf(OPERATIONS.stream().map(operation -> changed(good(operation), changes, 3)).toList());
    }

    /** Requests that are always refused, because they lack something that each request needs. */
    static Generator<RawRequest> refusals() {
        var changes = changes();
        return Generator.oneOf(OPERATIONS.stream()
                .map(operation -> Generator.combine(changed(good(operation), changes, 2), defect(operation),
                        (request, defect) -> defect.apply(request.withMethod(operation.method()))))
                .toList());
    }

    private static Generator<RawRequest> changed(Generator<RawRequest> request,
            Generator<UnaryOperator<RawRequest>> changes, int max) {
        return Generator.combine(request, changes.list(0, max), (good, list) -> {
            var result = good;
            for (var change : list) {
                result = change.apply(result);
            }
            return result;
        });
    }

    private static Generator<RawRequest> good(ApiDescription.Operation operation) {
        var requests = good(operation, new RawRequest(operation.method(), operation.path(),
                List.of(new RawRequest.Header("Host", "127.0.0.1")), ""));
        var parameter = operation.parameter();
        return parameter.isPresent()
                ? Generator.combine(requests, ids(),
                        (request, id) -> request.withTarget(request.target().replace(parameter.get(), id)))
                : requests;
    }

    /** Ids in a path: the caller's, another user's, unknown ones. */
    private static Generator<String> ids() {
        return Generator.oneOf(Generator.of("{jane.other}", "{carl.other}", "{jane.named}", "{carl.named}",
                "{jane.other~3}", "{jane.session}", "{jane.checkout}", "{carl.checkout}", "0",
                "0".repeat(64), "%2e%2e", "a%2fb", "{id}"), TOKEN.filter(text -> !text.contains("..")));
    }

    private static Generator<RawRequest> good(ApiDescription.Operation operation, RawRequest bare) {
        if (isWebhook(operation)) {
            return events().map(event -> bare.with("Stripe-Signature", "{signature}").withText(event));
        }
        var callers = switch (operation.description().path("operationId").asText()) {
            case "SignOut" -> Generator.of(bySession(bare, "lea"), bare.with("Authorization", "Bearer {bert.token}"));
            // Not the route that ends all other sessions, so that jane's other session can be ended by its id.
            case "EndOtherSessions" ->
                Generator.of(bySession(bare, "carl"), bare.with("Authorization", "Bearer {bert.named}"));
            default -> Generator.of(bySession(bare, "jane"), bySession(bare, "carl"),
                    bare.with("Authorization", "Bearer {bert.token}"),
                    bare.with("Authorization", "Bearer {bert.named}"));
        };
        return readsBody(operation)
                ? Generator.combine(callers, bodies(operation), RawRequest::withText)
                : callers;
    }

    private static RawRequest bySession(RawRequest request, String name) {
        return request.with("Cookie", "sessionid={%s.session}".formatted(name))
                .with("X-CSRFToken", "{%s.csrf}".formatted(name)).with("Origin", "{origin}");
    }

    private static Generator<String> bodies(ApiDescription.Operation operation) {
        if (operation.path().endsWith("/tokens/")) {
            return Generator.of("{\"label\": \"a\"}", "{\"label\": \" b \", \"expires_in_days\": 1}",
                    "{\"label\": \"c\", \"read_only\": true, \"expires_in_days\": null}");
        }
        return operation.path().endsWith("/settings/")
                ? Generator
                        .of("\"UTC\"", "\"Europe/Zurich\"", "\"America/Argentina/Buenos_Aires\"", "\"Etc/GMT+5\"",
                                "null")
                        .map("{\"tz\": %s}"::formatted)
                : Generator.of("{\"plan\": \"pro\"}");
    }

    /** Events without a subscription, because an event with an unknown subscription must fail. */
    private static Generator<String> events() {
        var types = Generator.of("checkout.session.completed", "customer.subscription.updated", "invoice.paid",
                "charge.refunded", "");
        var objects = Generator.of("{}", "null", "[]", "7", "{\"id\": 7}", "{\"parent\": 1}",
                "{\"subscription\": null}", "{\"metadata\": {\"external_id\": \"nobody\"}}");
        return Generator.combine(types, objects, Generator.between(1, 1_000_000),
                "{\"id\": \"evt_%3$d\", \"type\": \"%1$s\", \"data\": {\"object\": %2$s}}"::formatted);
    }

    private static Generator<UnaryOperator<RawRequest>> changes() {
        return Generator.oneOf(cookies(), authorizations(), csrfTokens(), origins(), texts(), jsonBodies(), bytes(),
                targets(), methods(), headers());
    }

    private static Generator<UnaryOperator<RawRequest>> always(UnaryOperator<RawRequest> change) {
        return Generator.just(change);
    }

    private static Generator<UnaryOperator<RawRequest>> one(Generator<String> values,
            BiFunction<RawRequest, String, RawRequest> change) {
        return values.map(value -> request -> change.apply(request, value));
    }

    private static Generator<UnaryOperator<RawRequest>> cookies() {
        var wrong = Generator.of("", "sessionid", "sessionid=", "sessionid=" + CREDENTIAL,
                "sessionid={jane.session}{jane.session}", "sessionid={bert.token}",
                "sessionid={jane.session}; sessionid={carl.session}", "SESSIONID={jane.session}", ";;=;",
                "sessionid=\"{jane.session}", "sessionid={jane.session}\u00e9");
        var right = Generator.of("a=b; sessionid={jane.session}", "sessionid=\"{carl.session}\"; c=",
                "sessionid={jane.session}; sessionid={jane.session}", " sessionid={carl.session} ;");
        var nearly = Generator.between(0, 42).map("sessionid={jane.session~%d}"::formatted);
        return Generator.oneOf(
                one(Generator.oneOf(wrong, right, nearly, LINE),
                        (request, value) -> request.with("Cookie", value)),
                one(Generator.oneOf(wrong, LINE), (request, value) -> request.and("cookie", value)));
    }

    private static Generator<UnaryOperator<RawRequest>> authorizations() {
        var wrong = Generator.of("", "Bearer", "Bearer ", "Bearer " + CREDENTIAL, "Bearer {jane.session}",
                "Basic {bert.token}", "{bert.token}", "Bearer {bert.token}=", "Bearer {bert.token} {bert.token}");
        var right = Generator.of("bearer {bert.token}", "BEARER   {bert.token}  ");
        var nearly = Generator.between(0, 42).map("Bearer {bert.token~%d}"::formatted);
        return Generator.oneOf(
                one(Generator.oneOf(wrong, right, nearly, LINE),
                        (request, value) -> request.with("Authorization", value)),
                one(Generator.oneOf(wrong, LINE), (request, value) -> request.and("authorization", value)));
    }

    private static Generator<UnaryOperator<RawRequest>> csrfTokens() {
        var wrong = Generator.of("", CREDENTIAL, "{jane.session}", "{bert.csrf}", "{jane.csrf}{jane.csrf}",
                "\"{jane.csrf}\"");
        var nearly = Generator.between(0, 42).map("{jane.csrf~%d}"::formatted);
        var values = Generator.oneOf(wrong, nearly, LINE, Generator.of("{jane.csrf}", "{carl.csrf}"));
        return Generator.oneOf(one(values, (request, value) -> request.with("x-csrftoken", value)),
                one(values, (request, value) -> request.and("X-CSRFToken", value)));
    }

    private static Generator<UnaryOperator<RawRequest>> origins() {
        var values = Generator.oneOf(LINE, Generator.of("null", "", "{origin}/", "{origin}.evil.example",
                "https://evil.example", "{origin}, https://evil.example"));
        return Generator.oneOf(one(values, (request, value) -> request.with("Origin", value)),
                one(values, (request, value) -> request.and("Origin", value)));
    }

    /** Changes of the body's text: characters are removed, inserted or repeated. */
    private static Generator<UnaryOperator<RawRequest>> texts() {
        return Generator.combine(Generator.between(0, 40), Generator.between(0, 5),
                Generator.oneOf(TEXT.map(text -> text.substring(0, Math.min(text.length(), 3))),
                        Generator.of("\"", "{", "}", "\\", "\\u0000", "\\ud800", ",", "1e999", "\u0000", "\uFEFF")),
                (at, removed, inserted) -> request -> {
                    var body = request.body();
                    var from = Math.min(at, body.length());
                    var to = Math.min(from + removed, body.length());
                    return request.withBytes(body.substring(0, from)).withText(
                            body.substring(0, from) + inserted + body.substring(to));
                });
    }

    private static Generator<UnaryOperator<RawRequest>> jsonBodies() {
        var members = Generator
                .combine(Generator.oneOf(
                        Generator.of("tz", "plan", "id", "data", "type", "label", "expires_in_days", "read_only"),
                        TEXT), json(3),
                        (name, value) -> "%s: %s".formatted(quoted(name), value))
                .list(0, 4);
        return Generator.oneOf(members.map(all -> "{" + String.join(", ", all) + "}"), json(3))
                .map(body -> request -> request.withText(body));
    }

    private static Generator<String> json(int levels) {
        var leaves = Generator.oneOf(TEXT.map(RequestGenerators::quoted),
                Generator.of("null", "true", "\"UTC\"", "\"pro\"", "\"free\"", "-0", "1e400", "1E-9999999999",
                        "9".repeat(1_001), "[".repeat(40), "{\"a\":".repeat(40) + "1" + "}".repeat(40), "NaN"),
                NUMBER);
        if (levels == 0) {
            return leaves;
        }
        return Generator.oneOf(leaves, leaves, leaves,
                json(levels - 1).list(0, 3).map(list -> "[" + String.join(",", list) + "]"),
                Generator.combine(TEXT, json(levels - 1),
                        (name, value) -> "{%s: %s}".formatted(quoted(name), value)));
    }

    /** A JSON string with numeric escapes. */
    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars().forEach(c -> quoted.append(
                c < ' ' || c == '"' || c == '\\' || Character.isSurrogate((char) c)
                        ? "\\u%04x".formatted(c)
                        : String.valueOf((char) c)));
        return quoted.append('"').toString();
    }

    private static Generator<UnaryOperator<RawRequest>> bytes() {
        var noise = Generator.text(Generator.character('\0', '\u00ff'), 0, 40);
        return Generator.oneOf(one(noise, RawRequest::withBytes),
                Generator.of(2_000, 65_537, 70_000).map(length -> request -> request
                        .withText(
                                "{\"tz\": \"UTC\", \"plan\": \"pro\", \"a\": \"%s\"}".formatted("x".repeat(length)))));
    }

    private static Generator<UnaryOperator<RawRequest>> targets() {
        var queries = Generator.oneOf(TOKEN, Generator.of("", "&&=", "a=%zz&b=%", "access_token={bert.token}",
                "tz=UTC&tz=UTC", "a[]=1", "a=" + "x".repeat(3_000), "x".repeat(3_000)));
        return Generator.oneOf(
                always(request -> request.withTarget(request.target().replaceFirst("/$", ""))),
                always(request -> request.withTarget(request.target().replace("/", "//"))),
                one(queries, (request, query) -> request.withTarget(request.target() + "?" + query)), otherTargets());
    }

    /** Changes of the target to one without a route. */
    private static Generator<UnaryOperator<RawRequest>> otherTargets() {
        var suffixes = Generator.oneOf(TOKEN.filter(text -> !text.contains("..")),
                Generator.of("%00", "%2e%2e", "..;", ";a=b", "%c0%af", "*", "{proxy+}", "x/y", "%"));
        return Generator.oneOf(one(suffixes, (request, text) -> request.withTarget("/api/users/me/" + text + "/")),
                one(suffixes, (request, text) -> request.withTarget("/api/" + text)),
                always(request -> request.withTarget(request.target().replaceFirst("users", "Users"))),
                always(request -> request.withTarget("/prod" + request.target())),
                always(request -> request.withTarget("/api/./" + request.target())),
                always(request -> request.withTarget(request.target().replaceFirst("users", "user%73"))));
    }

    private static Generator<UnaryOperator<RawRequest>> methods() {
        return one(Generator.oneOf(Generator.of("GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE"),
                unknownMethods()), RawRequest::withMethod);
    }

    private static Generator<String> unknownMethods() {
        return Generator.oneOf(Generator.of("PUT", "get", "Post"),
                TOKEN.map(token -> "X" + token.replace("~", "")));
    }

    private static Generator<UnaryOperator<RawRequest>> headers() {
        var names = Generator.oneOf(TOKEN.map("X-"::concat), Generator.of("Accept", "Content-Type", "User-Agent",
                "X-HTTP-Method-Override", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Referer",
                "Range",
                "If-None-Match", "Content-Encoding", "Stripe-Signature", "Accept-Encoding", "X-Amzn-Trace-Id",
                "X".repeat(1_500)));
        var values = Generator.oneOf(LINE, Generator.of("application/octet-stream", "multipart/form-data", "gzip",
                "image/png, */*", "*/*", "DELETE", "bytes=0-0", "x".repeat(11_000)));
        return Generator.combine(names, values, (name, value) -> request -> request.and(name, value));
    }

    private static Generator<UnaryOperator<RawRequest>> defect(ApiDescription.Operation operation) {
        var all = new ArrayList<Generator<UnaryOperator<RawRequest>>>(List.of(otherTargets(),
                one(unknownMethods(), RawRequest::withMethod)));
        if (isWebhook(operation)) {
            all.add(one(Generator.oneOf(LINE, Generator.of("{signature~5}", "t=1,v1={signature}", "{signature~70}",
                    "{stale signature}")),
                    (request, value) -> request.without("Stripe-Signature").and("stripe-signature", value)));
            all.add(one(TEXT, (request, text) -> request.with("Stripe-Signature", "{signature of another body}")
                    .withText(text)));
            return Generator.oneOf(all);
        }
        all.add(always(request -> request.without("Cookie", "Authorization")));
        // With a wrong token the cookie does not count.
        all.add(cookies()
                .map(cookie -> request -> cookie.apply(request).with("Authorization", "Bearer " + CREDENTIAL)));
        all.add(Generator.between(0, 42).map(at -> request -> request
                .without("Cookie", "Authorization").and("Cookie", "sessionid={jane.session~%d}".formatted(at))));
        all.add(Generator.between(0, 42).map(at -> request -> request
                .with("Authorization", "Bearer {bert.token~%d}".formatted(at))));
        if (!operation.method().equals("GET")) {
            UnaryOperator<RawRequest> bySession = request -> bySession(request.without("Authorization"), "jane");
            all.add(Generator.between(0, 42).map(at -> request -> bySession.apply(request)
                    .with("X-CSRFToken", "{jane.csrf~%d}".formatted(at))));
            all.add(one(Generator.of("{carl.csrf}", "{jane.session}", "", CREDENTIAL),
                    (request, token) -> bySession.apply(request).with("X-CSRFToken", token)));
            all.add(always(request -> bySession.apply(request).without("X-CSRFToken")));
            all.add(one(
                    Generator.of("null", "https://evil.example", "{origin}/", "{origin}.evil.example", "{origin}1"),
                    (request, origin) -> bySession.apply(request).with("Origin", origin)));
        }
        if (readsBody(operation) && !operation.method().equals("GET")) {
            all.add(Generator.of("", "{", "[]", "{\"tz\": 7, \"plan\": 7}",
                    "{\"tz\": \"Mars/Base\", \"plan\": \"gold\"}",
                    "{\"plan\": \"pro\", \"tz\": \"UTC\", \"tz\": \"UTC\"}",
                    "{\"plan\": \"pro\", \"tz\": \"UTC\"} x", "{\"plan\": null, \"tz\": false}",
                    "{\"label\": \"\", \"plan\": 7, \"tz\": 7}",
                    "{\"label\": \"a\", \"expires_in_days\": 0.5, \"plan\": 7, \"tz\": 7}",
                    "{\"plan\":\"pro\",\"tz\":\"\uFFFD\"}")
                    .map(body -> request -> request.withText(body)));
        }
        return Generator.oneOf(all);
    }
}
