package usersapi.standin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import usersapi.standin.Template.Api;
import usersapi.standin.Template.Cors;
import usersapi.standin.Template.Function;
import usersapi.standin.Template.GatewayResponse;
import usersapi.standin.Template.Queue;
import usersapi.standin.Template.Route;
import usersapi.standin.Template.Secret;
import usersapi.standin.Template.StreamSource;
import usersapi.standin.Template.Table;

/** Reads the template's resources into records; the property names are those of SAM and CloudFormation. */
final class TemplateReader {

    /** Resources for deployment and operation, without an effect on the API's behaviour. */
    private static final Set<String> WITHOUT_EFFECT_HERE = Set.of("AWS::Lambda::Permission",
            "AWS::IAM::ManagedPolicy", "AWS::Logs::LogGroup", "AWS::Logs::QueryDefinition", "AWS::Logs::MetricFilter",
            "AWS::CloudWatch::Alarm", "AWS::Serverless::StateMachine",
            "AWS::CloudWatch::Dashboard", "AWS::Events::Rule", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy",
            "AWS::SQS::QueuePolicy", "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::AppConfig::Application",
            "AWS::AppConfig::ConfigurationProfile", "AWS::AppConfig::HostedConfigurationVersion");

    private static final String API = "AWS::Serverless::Api";
    private static final String FUNCTION = "AWS::Serverless::Function";
    /** Not SAM's event of a function, whose role could then read every stream of the account. */
    private static final String STREAM = "AWS::Lambda::EventSourceMapping";
    private static final String TABLE = "AWS::DynamoDB::Table";
    private static final String QUEUE = "AWS::SQS::Queue";
    private static final String SECRET = "AWS::SecretsManager::Secret";

    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, Object> resources = new LinkedHashMap<>();
    private final Intrinsics intrinsics;
    private final Properties globals;
    private final Map<String, List<StreamSource>> streams = new LinkedHashMap<>();

    TemplateReader(Properties document, Map<String, String> parameters, UnaryOperator<String> names) {
        document.ignore("AWSTemplateFormatVersion", "Description", "Metadata", "Outputs", "Rules");
        document.only("Transform", "AWS::Serverless-2016-10-31");
        var declared = document.inside("Resources");
        declared.names().forEach(id -> types.put(id, declared.inside(id).required("Type")));
        intrinsics = new Intrinsics(values(document.inside("Parameters"), parameters), document.inside("Conditions"),
                types, id -> types.get(id).equals(FUNCTION) ? id : names.apply(id));
        globals = new Properties("Globals", intrinsics.resolve("Globals", document.value("Globals").orElse(Map.of())));
        document.refuseOthers();
        declared.names().forEach(id -> read(id, declared.inside(id)));
    }

    private static Map<String, String> values(Properties declared, Map<String, String> given) {
        var values = new LinkedHashMap<String, String>();
        for (var name : declared.names()) {
            Optional.ofNullable(given.get(name)).or(() -> declared.inside(name).text("Default"))
                    .ifPresent(value -> values.put(name, value));
        }
        return values;
    }

    private void read(String id, Properties resource) {
        resource.ignore("Type", "DeletionPolicy", "UpdateReplacePolicy", "Metadata", "DependsOn");
        var properties = resource.value("Properties").orElse(Map.of());
        var wanted = resource.text("Condition").map(intrinsics::holds).orElse(true);
        resource.refuseOthers();
        var type = types.get(id);
        if (!wanted || WITHOUT_EFFECT_HERE.contains(type)) {
            return;
        }
        var resolved = intrinsics.resolve(id, properties);
        resources.put(id, switch (type) {
            case API -> merge(globals.value("Api").orElse(Map.of()), resolved);
            case FUNCTION -> merge(globals.value("Function").orElse(Map.of()), resolved);
            case STREAM, TABLE, SECRET, QUEUE -> resolved;
            default -> throw new UnsupportedTemplateException("%s: %s has no counterpart here".formatted(id, type));
        });
    }

    /** Merges as SAM does with Globals: maps by key, lists one after the other; for other values the resource's own. */
    static Object merge(Object global, Object own) {
        if (global instanceof Map<?, ?> globalMap && own instanceof Map<?, ?> ownMap) {
            var merged = new LinkedHashMap<Object, Object>(globalMap);
            ownMap.forEach((key, value) -> merged.merge(key, value, TemplateReader::merge));
            return merged;
        }
        if (global instanceof List<?> globalList && own instanceof List<?> ownList) {
            return Stream.concat(globalList.stream(), ownList.stream()).toList();
        }
        return own;
    }

    Template template() {
        all(STREAM, this::stream);
        var apis = all(API, this::api);
        if (apis.size() != 1) {
            throw new UnsupportedTemplateException("Resources: one %s works here, not %d".formatted(API, apis.size()));
        }
        var template = new Template(all(FUNCTION, this::function), apis.getFirst(), all(TABLE, this::table),
                all(SECRET, this::secret), all(QUEUE, this::queue));
        globals.refuseOthers();
        return template;
    }

    private <T> List<T> all(String type, BiFunction<String, Properties, T> reading) {
        return resources.entrySet().stream().filter(resource -> types.get(resource.getKey()).equals(type))
                .map(resource -> {
                    var properties = new Properties(resource.getKey(), resource.getValue());
                    var read = reading.apply(resource.getKey(), properties);
                    properties.refuseOthers();
                    return read;
                }).toList();
    }

    private Api api(String id, Properties api) {
        api.ignore("Name", "Description", "OpenApiVersion", "EndpointConfiguration", "TracingEnabled",
                "AccessLogSetting", "MethodSettings", "Tags", "AlwaysDeploy", "PropagateTags", "SecurityPolicy",
                "EndpointAccessMode", "DisableExecuteApiEndpoint");
        var auth = api.inside("Auth");
        // Without it, preflights would need credentials, which browsers never send with them.
        auth.only("AddDefaultAuthorizerToCorsPreflight", false);
        var authorizers = auth.inside("Authorizers");
        var authorizer = auth.text("DefaultAuthorizer").map(name -> authorizer(authorizers.inside(name)));
        authorizers.refuseOthers();
        auth.refuseOthers();
        var responses = new LinkedHashMap<String, GatewayResponse>();
        var declared = api.inside("GatewayResponses");
        declared.names().forEach(type -> responses.put(type, gatewayResponse(declared.inside(type))));
        return new Api(id, api.required("StageName"), authorizer,
                api.value("Cors").map(cors -> cors(api.inside("Cors"))),
                responses, binaryMediaTypes(api));
    }

    private static List<String> binaryMediaTypes(Properties api) {
        // SAM expects the slash escaped as in JSON Pointer: */* as *~1*.
        return api.list("BinaryMediaTypes").stream().map(type -> type.toString().replace("~1", "/")).toList();
    }

    private String authorizer(Properties authorizer) {
        authorizer.ignore("DisableFunctionDefaultPermissions");
        authorizer.only("FunctionPayloadType", "REQUEST");
        var identity = authorizer.inside("Identity");
        // Nothing here caches an authorizer's answer.
        identity.only("ReauthorizeEvery", 0);
        identity.refuseOthers();
        var arn = authorizer.required("FunctionArn");
        authorizer.refuseOthers();
        return types.keySet().stream().filter(id -> types.get(id).equals(FUNCTION))
                .filter(id -> (arn + ":").startsWith(intrinsics.attribute(authorizer.where(), id, "Arn") + ":"))
                .findFirst().orElseThrow(() -> new UnsupportedTemplateException(
                        "%s.FunctionArn: %s is not a function of this template".formatted(authorizer.where(), arn)));
    }

    private Cors cors(Properties cors) {
        var read = new Cors(unquoted(cors.required("AllowOrigin")), cors.truth("AllowCredentials", false),
                unquoted(cors.required("AllowHeaders")), unquoted(cors.required("AllowMethods")),
                cors.text("MaxAge").map(TemplateReader::unquoted));
        cors.refuseOthers();
        return read;
    }

    private GatewayResponse gatewayResponse(Properties response) {
        var status = response.text("StatusCode").map(Integer::valueOf);
        var templates = new LinkedHashMap<String, String>();
        var bodies = response.inside("ResponseTemplates");
        bodies.names().forEach(type -> templates.put(type, bodies.required(type)));
        var headers = new LinkedHashMap<String, String>();
        var parameters = response.inside("ResponseParameters");
        var literals = parameters.inside("Headers");
        literals.names().forEach(name -> headers.put(name, unquoted(literals.required(name))));
        parameters.refuseOthers();
        response.refuseOthers();
        return new GatewayResponse(status, headers, templates);
    }

    private Function function(String id, Properties function) {
        function.ignore("Runtime", "AutoPublishAliasAllProperties",
                "Description", "VersionDescription", "Tracing", "PermissionsBoundary", "CodeSigningConfigArn",
                "EventInvokeConfig", "LoggingConfig", "Tags", "VersionDeletionPolicy",
                "DeploymentPreference");
        function.only("PackageType", "Zip");
        var snapStart = function.inside("SnapStart");
        var hasSnapshot = snapStart.text("ApplyOn").filter("PublishedVersions"::equals).isPresent();
        snapStart.refuseOthers();
        var environment = new LinkedHashMap<String, String>();
        var variables = function.inside("Environment").inside("Variables");
        variables.names().forEach(name -> environment.put(name, variables.required(name)));
        var routes = new ArrayList<Route>();
        var events = function.inside("Events");
        for (var name : events.names()) {
            var event = events.inside(name);
            switch (event.required("Type")) {
                case "Api" -> routes.add(route(event.inside("Properties")));
                case String type ->
                    throw new UnsupportedTemplateException(
                            "%s: %s has no counterpart here".formatted(event.where(), type));
            }
            event.refuseOthers();
        }
        var architecture = function.list("Architectures").stream().map(Object::toString).findFirst().orElse("x86_64");
        return new Function(id, function.required("Handler"), function.required("CodeUri"),
                Duration.ofSeconds(function.number("Timeout", 3)), function.number("MemorySize", 128), architecture,
                function.text("AutoPublishAlias"), hasSnapshot, environment, routes,
                streams.getOrDefault(id, List.of()),
                function.list("Policies"));
    }

    private Route route(Properties route) {
        route.ignore("RestApiId");
        var auth = route.inside("Auth");
        auth.only("Authorizer", "NONE");
        var read = new Route(route.required("Path"), route.required("Method").toUpperCase(Locale.ROOT),
                auth.text("Authorizer").isPresent());
        auth.refuseOthers();
        route.refuseOthers();
        return read;
    }

    private StreamSource stream(String id, Properties stream) {
        var arn = stream.required("EventSourceArn");
        var table = types.keySet().stream().filter(other -> types.get(other).equals(TABLE))
                .filter(other -> intrinsics.attribute(id, other, "StreamArn").equals(arn)).findFirst()
                .orElseThrow(() -> new UnsupportedTemplateException(
                        "%s.EventSourceArn: %s is not a stream of this template".formatted(id, arn)));
        var settings = new LinkedHashMap<String, Object>();
        stream.names().forEach(name -> settings.put(name, stream.value(name).orElseThrow()));
        var source = new StreamSource(table, settings);
        streams.computeIfAbsent(stream.required("FunctionName"), function -> new ArrayList<>()).add(source);
        return source;
    }

    private Table table(String id, Properties table) {
        table.ignore("PointInTimeRecoverySpecification", "DeletionProtectionEnabled", "SSESpecification", "Tags",
                "ContributorInsightsSpecification");
        var request = CreateTableRequest.builder().tableName(intrinsics.name(id))
                .billingMode(table.required("BillingMode"))
                .keySchema(keys(table)).attributeDefinitions(table.each("AttributeDefinitions").stream().map(
                        attribute -> AttributeDefinition.builder().attributeName(attribute.required("AttributeName"))
                                .attributeType(attribute.required("AttributeType")).build())
                        .toList());
        var indexes = table.each("GlobalSecondaryIndexes").stream().map(TemplateReader::index).toList();
        if (!indexes.isEmpty()) {
            request.globalSecondaryIndexes(indexes);
        }
        table.value("StreamSpecification").ifPresent(given -> {
            var stream = table.inside("StreamSpecification");
            request.streamSpecification(StreamSpecification.builder().streamEnabled(true)
                    .streamViewType(stream.required("StreamViewType")).build());
            stream.refuseOthers();
        });
        var ttl = table.inside("TimeToLiveSpecification");
        var ttlAttribute = ttl.text("AttributeName").filter(name -> ttl.truth("Enabled", false));
        ttl.refuseOthers();
        return new Table(id, request.build(), ttlAttribute);
    }

    private static GlobalSecondaryIndex index(Properties index) {
        var projection = index.inside("Projection");
        var read = GlobalSecondaryIndex.builder().indexName(index.required("IndexName")).keySchema(keys(index))
                .projection(Projection.builder().projectionType(projection.required("ProjectionType"))
                        .nonKeyAttributes(
                                projection.list("NonKeyAttributes").stream().map(Object::toString)
                                        .toArray(String[]::new))
                        .build())
                .build();
        index.refuseOthers();
        return read;
    }

    private static List<KeySchemaElement> keys(Properties owner) {
        return owner.each("KeySchema").stream().map(key -> KeySchemaElement.builder()
                .attributeName(key.required("AttributeName")).keyType(key.required("KeyType")).build()).toList();
    }

    private Secret secret(String id, Properties secret) {
        secret.ignore("Description", "KmsKeyId", "Tags");
        var generated = secret.inside("GenerateSecretString");
        var read = new Secret(id, intrinsics.name(id), generated.required("SecretStringTemplate"),
                generated.required("GenerateStringKey"), generated.number("PasswordLength", 32),
                !generated.truth("ExcludePunctuation", false));
        generated.refuseOthers();
        return read;
    }

    private Queue queue(String id, Properties queue) {
        queue.ignore("KmsMasterKeyId", "MessageRetentionPeriod", "SqsManagedSseEnabled", "Tags");
        return new Queue(id, intrinsics.attribute(id, id, "Arn"));
    }

    /** API Gateway writes literals in single quotes, to tell them from mappings of request parameters. */
    private static String unquoted(String literal) {
        if (!literal.startsWith("'") || !literal.endsWith("'")) {
            throw new UnsupportedTemplateException("%s: only a literal in single quotes works here".formatted(literal));
        }
        return literal.substring(1, literal.length() - 1);
    }
}
