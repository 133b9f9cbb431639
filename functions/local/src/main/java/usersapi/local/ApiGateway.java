package usersapi.local;

import static usersapi.local.GatewayResponses.Type.ACCESS_DENIED;
import static usersapi.local.GatewayResponses.Type.AUTHORIZER_CONFIGURATION_ERROR;
import static usersapi.local.GatewayResponses.Type.AUTHORIZER_FAILURE;
import static usersapi.local.GatewayResponses.Type.FUNCTION_FAILED;
import static usersapi.local.GatewayResponses.Type.MISSING_AUTHENTICATION_TOKEN;
import static usersapi.local.GatewayResponses.Type.REQUEST_TOO_LARGE;
import static usersapi.local.GatewayResponses.Type.UNAUTHORIZED;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import usersapi.standin.HostHeader;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;

/** Handles a request as API Gateway's REST API does: limits, route, authorizer, function, and the answers on the way. */
final class ApiGateway extends Handler.Abstract {

    /** The paths that the CDN sends to the API. */
    private static final String API = "/api/";

    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
    private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;
    private static final int MAX_HEADER_BYTES = 10_240;
    private static final Duration LONGEST_INTEGRATION = Duration.ofSeconds(29);

    private final Template.Api api;
    private final Routes routes;
    private final Optional<Template.Route> guarded;
    private final Functions functions;
    private final ProxyEvents events;
    private final GatewayResponses responses;
    private final LambdaApi lambda;
    private final StandIns standIns;
    private final Optional<Site> site;
    private final SiteHeaders siteHeaders;

    ApiGateway(Template template, Functions functions, LambdaApi lambda, StandIns standIns, Optional<Site> site,
            SiteHeaders siteHeaders) {
        for (var function : template.functions()) {
            if (!function.routes().isEmpty() && function.timeout().compareTo(LONGEST_INTEGRATION) > 0) {
                throw new UnsupportedTemplateException(
                        "%s.Timeout: API Gateway waits 29 seconds at most".formatted(function.id()));
            }
        }
        api = template.api();
        routes = new Routes(template.functions());
        guarded = template.functions().stream().flatMap(function -> function.routes().stream())
                .filter(route -> !route.open()).findFirst();
        events = new ProxyEvents(api);
        responses = new GatewayResponses(api.gatewayResponses());
        this.functions = functions;
        this.lambda = lambda;
        this.standIns = standIns;
        this.site = site;
        this.siteHeaders = siteHeaders;
        for (var path : site.map(Site::paths).orElse(Set.of())) {
            if (path.startsWith(API) || routes.find(path).isPresent()) {
                throw new UnsupportedTemplateException(
                        "functions/site: the path %s belongs to the API".formatted(path));
            }
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        var body = Request.asInputStream(request);
        var call = new Call(request, body.readNBytes(MAX_BODY_BYTES + 1));
        // Reads the rest, because a client that is still sending would not see the answer.
        body.transferTo(OutputStream.nullOutputStream());
        var match = routes.find(call.path());
        Answer answer;
        try {
            answer = answer(call, match);
        } catch (RuntimeException e) {
            // A fault of this server, not of the client or a function.
            e.printStackTrace();
            answer = responses.answer(FUNCTION_FAILED, call);
        }
        response.setStatus(answer.status());
        answer.headers().forEach((name, values) -> values.forEach(value -> response.getHeaders().add(name, value)));
        response.getHeaders().put("x-amzn-RequestId", call.id());
        response.getHeaders().put("x-amz-apigw-id", call.extendedId());
        var bytes = answer.body().remaining();
        response.write(true, answer.body(), callback);
        log(call, match, answer.status(), bytes);
        return true;
    }

    private Answer answer(Call call, Optional<Routes.Match> match) {
        if (!HostHeader.namesThisMachine(call.header("Host").orElse(null))) {
            return Answer.message(403, "Forbidden");
        }
        if (call.path().startsWith(LambdaApi.PREFIX)) {
            return lambda.answer(call);
        }
        if (headerBytes(call) > MAX_HEADER_BYTES) {
            return Answer.message(431, "Request Header Fields Too Large");
        }
        if (call.body().length > MAX_BODY_BYTES) {
            return responses.answer(REQUEST_TOO_LARGE, call);
        }
        var file = site.flatMap(files -> files.answer(call));
        if (file.isPresent()) {
            return siteHeaders.on(file.get());
        }
        if (call.path().startsWith(StandIns.PREFIX)) {
            return siteHeaders.on(standIns.answer(call, () -> caller(call)));
        }
        if (match.isEmpty() && !call.path().replaceFirst("^/+", "/").startsWith(API)) {
            var page = site.flatMap(files -> files.page(call));
            if (page.isPresent()) {
                return siteHeaders.on(page.get());
            }
        }
        var target = match.flatMap(found -> found.resource().target(call.method()));
        if (target.isPresent()) {
            return called(call, match.get(), target.get());
        }
        return match.isPresent() && call.method().equals("OPTIONS") && api.cors().isPresent()
                ? preflight(api.cors().get())
                : responses.answer(MISSING_AUTHENTICATION_TOKEN, call);
    }

    private Answer called(Call call, Routes.Match match, Routes.Target target) {
        if (target.open() || api.authorizer().isEmpty()) {
            return invoked(call, match, target, Map.of());
        }
        return switch (decision(call, events.authorizerEvent(call, match), api.authorizer().get())) {
            case AuthorizerAnswer.Allowed(var context) -> invoked(call, match, target, context);
            case AuthorizerAnswer.Denied(var context) -> responses.answer(ACCESS_DENIED, call, context);
            case AuthorizerAnswer.Unauthorized() -> responses.answer(UNAUTHORIZED, call);
            case AuthorizerAnswer.Failed() -> responses.answer(AUTHORIZER_FAILURE, call);
            case AuthorizerAnswer.Malformed(var reason) -> {
                System.out.printf("API Gateway does not accept the answer of %s: %s%n", api.authorizer().get(), reason);
                yield responses.answer(AUTHORIZER_CONFIGURATION_ERROR, call);
            }
        };
    }

    /** The caller of a request outside the API's routes: the authorizer is asked as for the first route. */
    private Optional<String> caller(Call call) {
        return api.authorizer().flatMap(authorizer -> guarded.map(route -> {
            var match = new Routes.Match(new Routes.Resource(route.path(), Map.of()), Map.of());
            var event = events.authorizerEvent(call, match).put("httpMethod", route.method());
            return decision(call, event, authorizer);
        }))
                .flatMap(decision -> decision instanceof AuthorizerAnswer.Allowed(var context)
                        ? Optional.of(context.get("principalId"))
                        : Optional.empty());
    }

    private AuthorizerAnswer decision(Call call, ObjectNode event, String authorizer) {
        try {
            return AuthorizerAnswer.of(functions.invoke(authorizer, bytes(event)),
                    events.methodArn(call));
        } catch (FunctionFailedException e) {
            // By API Gateway's contract exactly this message is a refusal.
            return "Unauthorized".equals(e.getMessage())
                    ? new AuthorizerAnswer.Unauthorized()
                    : new AuthorizerAnswer.Failed();
        }
    }

    private Answer invoked(Call call, Routes.Match match, Routes.Target target, Map<String, String> authorizer) {
        var event = bytes(events.proxyEvent(call, match, authorizer));
        if (event.length > Functions.MAX_EVENT_BYTES) {
            return responses.answer(REQUEST_TOO_LARGE, call, authorizer);
        }
        byte[] output;
        try {
            output = functions.invoke(target.function(), event);
        } catch (FunctionFailedException e) {
            return responses.answer(FUNCTION_FAILED, call, authorizer);
        }
        return events.answer(call, output).map(ApiGateway::overPlainHttp).orElseGet(() -> {
            System.out.printf("%s answered what API Gateway does not take (malformed Lambda proxy response)%n",
                    target.function());
            return responses.answer(FUNCTION_FAILED, call, authorizer);
        });
    }

    private static Answer overPlainHttp(Answer answer) {
        var headers = new LinkedHashMap<>(answer.headers());
        headers.replaceAll((name, values) -> name.equalsIgnoreCase("Set-Cookie")
                ? values.stream().map(Answer::overPlainHttp).toList()
                : values);
        return new Answer(answer.status(), headers, answer.body());
    }

    /** The answer of the mock integration of OPTIONS that SAM adds to every path. */
    private static Answer preflight(Template.Cors cors) {
        var headers = new LinkedHashMap<String, List<String>>();
        headers.put("Content-Type", List.of("application/json"));
        headers.put("Access-Control-Allow-Origin", List.of(cors.allowOrigin()));
        headers.put("Access-Control-Allow-Headers", List.of(cors.allowHeaders()));
        headers.put("Access-Control-Allow-Methods", List.of(cors.allowMethods()));
        cors.maxAge().ifPresent(seconds -> headers.put("Access-Control-Max-Age", List.of(seconds)));
        if (cors.allowCredentials()) {
            headers.put("Access-Control-Allow-Credentials", List.of("true"));
        }
        return new Answer(200, headers, Answer.bytes("{}\n"));
    }

    private static int headerBytes(Call call) {
        return call.headers().stream()
                .mapToInt(
                        field -> field.getName().length() + (field.getValue() == null ? 0 : field.getValue().length()))
                .sum();
    }

    private static byte[] bytes(ObjectNode event) {
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Logs one line for each request. Like API Gateway's line it has nothing that the client can choose freely. */
    private void log(Call call, Optional<Routes.Match> match, int status, int bytes) {
        System.out.println(JsonNodeFactory.instance.objectNode().put("requestId", call.id())
                .put("time", call.at().toString()).put("ip", call.sourceIp()).put("method", call.method())
                .put("route", match.map(found -> found.resource().path()).or(() -> known(call.path())).orElse(null))
                .put("status", status).put("bytes", bytes)
                .put("ms", Duration.between(call.at(), Instant.now()).toMillis()));
    }

    /** The path of a file of the site; of what else is served here that is no route of the API, how its paths begin. */
    private Optional<String> known(String path) {
        return Stream.concat(site.stream().flatMap(files -> files.paths().stream()).filter(path::equals),
                Stream.of(Billing.PREFIX, FileService.PREFIX, IdentityProvider.PREFIX, Queues.PREFIX, StandIns.PREFIX,
                        LambdaApi.PREFIX).filter(path::startsWith))
                .findFirst();
    }
}
