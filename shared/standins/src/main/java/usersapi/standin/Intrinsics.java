package usersapi.standin;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * CloudFormation's intrinsic functions, resolved by parameter values and the local names of the resources. It reads both
 * spellings, {@code !Sub x} and {@code Fn::Sub: x}.
 */
final class Intrinsics {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(!?)([^}]+)}");

    /** The local account and region. */
    private static final Map<String, String> PSEUDO_PARAMETERS = Map.of( //
            "AWS::AccountId", "123456789012", //
            "AWS::Partition", "aws", //
            "AWS::Region", "us-east-1", //
            "AWS::StackName", "local", //
            "AWS::URLSuffix", "amazonaws.com");

    /** The attributes that are neither an ARN nor a part of one, by type. */
    private static final Map<String, String> NUMBERS = Map.of( //
            "AWS::AppConfig::ConfigurationProfile", "ConfigurationProfileId", //
            "AWS::AppConfig::HostedConfigurationVersion", "VersionNumber");

    /** The value of {@code !Ref AWS::NoValue}: the property is absent. */
    private enum Absent {
        NO_VALUE
    }

    private final Map<String, String> parameters;
    private final Properties conditions;
    private final Map<String, String> resourceTypes;
    private final UnaryOperator<String> names;

    Intrinsics(Map<String, String> parameters, Properties conditions, Map<String, String> resourceTypes,
            UnaryOperator<String> names) {
        this.parameters = parameters;
        this.conditions = conditions;
        this.resourceTypes = resourceTypes;
        this.names = names;
    }

    /** Reads a tag as the map of its long spelling, so that one resolver serves both. */
    static final class Tags extends SafeConstructor {

        Tags() {
            super(options());
            yamlMultiConstructors.put("!", new AbstractConstruct() {

                @Override
                public Object construct(Node node) {
                    var tag = node.getTag().getValue().substring(1);
                    var name = tag.equals("Ref") || tag.equals("Condition") ? tag : "Fn::" + tag;
                    return Map.of(name, switch (node) {
                        case ScalarNode scalar -> constructScalar(scalar);
                        case SequenceNode sequence -> constructSequence(sequence);
                        case MappingNode mapping -> constructMapping(mapping);
                        default -> throw new UnsupportedTemplateException("!" + tag + " cannot be read");
                    });
                }
            });
        }

        private static LoaderOptions options() {
            var options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            return options;
        }
    }

    /** The value with every intrinsic replaced; {@code where} names the value in errors. */
    Object resolve(String where, Object value) {
        return switch (value) {
            case Map<?, ?> map when map.size() == 1 && isIntrinsic(onlyKey(map)) ->
                call(where, onlyKey(map), map.values().iterator().next());
            case Map<?, ?> map -> {
                var resolved = new LinkedHashMap<String, Object>();
                map.forEach((key, inner) -> {
                    var kept = resolve(where + "." + key, inner);
                    if (kept != Absent.NO_VALUE) {
                        resolved.put(key.toString(), kept);
                    }
                });
                yield resolved;
            }
            case List<?> list -> list.stream().map(inner -> resolve(where, inner))
                    .filter(inner -> inner != Absent.NO_VALUE).toList();
            case null -> Absent.NO_VALUE;
            default -> value;
        };
    }

    /** Whether the condition of this name holds. */
    boolean holds(String condition) {
        return truth(condition, conditions.value(condition)
                .orElseThrow(() -> new UnsupportedTemplateException("Conditions: no " + condition)));
    }

    /** The resource's local name. */
    String name(String id) {
        return names.apply(id);
    }

    /** The value of {@code !GetAtt id.attribute}; an ARN ends in the resource's local name, and that stands for a number. */
    String attribute(String where, String id, String attribute) {
        var type = resourceTypes.get(id);
        if (type != null && NUMBERS.getOrDefault(type, "").equals(attribute)) {
            return name(id);
        }
        var arn = switch (type) {
            case "AWS::Serverless::Function", "AWS::Lambda::Function" -> arn("lambda", "function:" + name(id));
            case "AWS::IAM::Role" -> arn("iam", "role/" + name(id));
            case "AWS::DynamoDB::Table" -> arn("dynamodb", "table/" + name(id));
            case "AWS::SecretsManager::Secret" -> arn("secretsmanager", "secret:" + name(id));
            case "AWS::SQS::Queue" -> arn("sqs", name(id));
            case "AWS::S3::Bucket" -> "arn:aws:s3:::" + name(id);
            case "AWS::Logs::LogGroup" -> arn("logs", "log-group:" + name(id));
            case null, default ->
                throw new UnsupportedTemplateException("%s: no attributes of %s here".formatted(where, id));
        };
        return switch (attribute) {
            case "Arn" -> arn;
            case "StreamArn" -> arn + "/stream/local";
            default ->
                throw new UnsupportedTemplateException("%s: no attribute %s.%s here".formatted(where, id, attribute));
        };
    }

    private Object call(String where, String function, Object argument) {
        return switch (function) {
            case "Ref" -> reference(where, argument.toString());
            case "Fn::Sub" -> substitute(where, argument);
            case "Fn::GetAtt" -> {
                var path = argument instanceof List<?> parts
                        ? parts.stream().map(Object::toString).collect(joining("."))
                        : argument.toString();
                var dot = path.indexOf('.');
                yield attribute(where, path.substring(0, dot), path.substring(dot + 1));
            }
            case "Fn::Join" -> {
                var parts = (List<?>) argument;
                yield ((List<?>) resolve(where, parts.get(1))).stream().map(Object::toString)
                        .collect(joining(parts.get(0).toString()));
            }
            case "Fn::If" -> {
                var parts = (List<?>) argument;
                yield resolve(where, parts.get(holds(parts.get(0).toString()) ? 1 : 2));
            }
            case "Condition", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not" -> truth(where, Map.of(function, argument));
            default ->
                throw new UnsupportedTemplateException("%s: the intrinsic %s is unknown".formatted(where, function));
        };
    }

    private boolean truth(String where, Object condition) {
        var map = (Map<?, ?>) condition;
        var argument = map.values().iterator().next();
        return switch (onlyKey(map)) {
            case "Condition" -> holds(argument.toString());
            case "Fn::Equals" -> {
                var sides = (List<?>) resolve(where, argument);
                yield Objects.equals(sides.get(0).toString(), sides.get(1).toString());
            }
            case "Fn::And" -> ((List<?>) argument).stream().allMatch(inner -> truth(where, inner));
            case "Fn::Or" -> ((List<?>) argument).stream().anyMatch(inner -> truth(where, inner));
            case "Fn::Not" -> !truth(where, ((List<?>) argument).getFirst());
            case String other ->
                throw new UnsupportedTemplateException("%s: the condition %s is unknown".formatted(where, other));
        };
    }

    private Object reference(String where, String id) {
        if (id.equals("AWS::NoValue")) {
            return Absent.NO_VALUE;
        }
        if (parameters.containsKey(id)) {
            return parameters.get(id);
        }
        if (PSEUDO_PARAMETERS.containsKey(id)) {
            return PSEUDO_PARAMETERS.get(id);
        }
        // An extension of SAM: the alias of AutoPublishAlias.
        var resource = id.endsWith(".Alias") ? id.substring(0, id.length() - ".Alias".length()) : id;
        if (resourceTypes.containsKey(resource)) {
            return name(resource);
        }
        throw new UnsupportedTemplateException(
                "%s: %s is neither a parameter with a value nor a resource".formatted(where, id));
    }

    private String substitute(String where, Object argument) {
        var text = argument instanceof List<?> parts ? parts.getFirst().toString() : argument.toString();
        Map<?, ?> local = argument instanceof List<?> parts ? (Map<?, ?>) resolve(where, parts.get(1)) : Map.of();
        return PLACEHOLDER.matcher(text).replaceAll(match -> {
            var name = match.group(2);
            var dot = name.indexOf('.');
            Object value;
            if (!match.group(1).isEmpty()) {
                value = "${" + name + "}";
            } else if (local.containsKey(name)) {
                value = local.get(name);
            } else if (dot < 0) {
                value = reference(where, name);
            } else {
                value = attribute(where, name.substring(0, dot), name.substring(dot + 1));
            }
            return Matcher.quoteReplacement(value.toString());
        });
    }

    private static String arn(String service, String resource) {
        return "arn:aws:%s:%s:%s:%s".formatted(service, PSEUDO_PARAMETERS.get("AWS::Region"),
                PSEUDO_PARAMETERS.get("AWS::AccountId"), resource);
    }

    private static boolean isIntrinsic(String key) {
        return key.equals("Ref") || key.equals("Condition") || key.startsWith("Fn::");
    }

    private static String onlyKey(Map<?, ?> map) {
        return map.keySet().iterator().next().toString();
    }
}
