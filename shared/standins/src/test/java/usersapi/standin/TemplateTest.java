package usersapi.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

    private static final Map<String, String> PARAMETERS = Map.of("FrontendOrigin", "https://app.example.com",
            "StripePlans", "pro=price_1");

    private static final String SMALL = """
            Transform: AWS::Serverless-2016-10-31
            Parameters:
              Stage: {Type: String, Default: prod}
              Origin: {Type: String}
            Conditions:
              IsProd: !Equals [!Ref Stage, prod]
              IsTest: !Not [!Condition IsProd]
            Globals:
              Function:
                Timeout: 7
                Environment:
                  Variables: {STAGE: !Ref Stage}
            Resources:
              Api:
                Type: AWS::Serverless::Api
                Properties:
                  StageName: prod
                  Auth:
                    AddDefaultAuthorizerToCorsPreflight: false
                    DefaultAuthorizer: Ours
                    Authorizers:
                      Ours:
                        FunctionPayloadType: REQUEST
                        FunctionArn: !Sub ${Worker.Arn}:live
                        Identity: {ReauthorizeEvery: 0}
                  GatewayResponses:
                    DEFAULT_5XX:
                      ResponseParameters: {Headers: {X-Origin: !Sub "'${Origin}'"}}
              Worker:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: some.Handler
                  CodeUri: some.zip
                  Environment:
                    Variables:
                      TABLE: !Ref Things
                      MODE: !If [IsProd, live, test]
                      JOINED: !Join ['-', [a, !Ref Stage]]
                      ABSENT: !If [IsProd, !Ref AWS::NoValue, x]
                  Events:
                    Get:
                      Type: Api
                      Properties: {RestApiId: !Ref Api, Path: /things, Method: get}
                    Health:
                      Type: Api
                      Properties: {RestApiId: !Ref Api, Path: /health, Method: get, Auth: {Authorizer: NONE}}
              Changes:
                Type: AWS::Lambda::EventSourceMapping
                Properties:
                  FunctionName: !Ref Worker.Alias
                  EventSourceArn: !GetAtt Things.StreamArn
                  StartingPosition: LATEST
                  BatchSize: 5
              Things:
                Type: AWS::DynamoDB::Table
                Properties:
                  BillingMode: PAY_PER_REQUEST
                  AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
                  KeySchema: [{AttributeName: pk, KeyType: HASH}]
              Key:
                Type: AWS::SecretsManager::Secret
                Properties:
                  GenerateSecretString: {SecretStringTemplate: '{"current":"k1"}', GenerateStringKey: k1}
              Unwanted:
                Type: AWS::Not::Known
                Condition: IsTest
            """;

    @TempDir
    private Path directory;

    private Template read(String text) throws IOException {
        var file = Files.writeString(directory.resolve("template.yaml"), text);
        return Template.read(file, Map.of("Origin", "https://app.example.com"), id -> "local-" + id);
    }

    @Test
    void resolvesIntrinsicsAgainstParametersAndNamesHere() throws IOException {
        var worker = read(SMALL).function("Worker");

        assertThat(worker.environment()).containsExactlyInAnyOrderEntriesOf(
                Map.of("STAGE", "prod", "TABLE", "local-Things", "MODE", "live", "JOINED", "a-prod"));
    }

    @Test
    void mergesGlobalsIntoFunctions() throws IOException {
        var worker = read(SMALL).function("Worker");

        assertThat(worker.timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(worker.memory()).isEqualTo(128);
        assertThat(worker.architecture()).isEqualTo("x86_64");
    }

    @Test
    void readsRoutesAndStreams() throws IOException {
        var worker = read(SMALL).function("Worker");

        assertThat(worker.routes()).containsExactly(new Template.Route("/things", "GET", false),
                new Template.Route("/health", "GET", true));
        assertThat(worker.streams()).singleElement().satisfies(stream -> {
            assertThat(stream.table()).isEqualTo("Things");
            assertThat(stream.settings()).containsEntry("BatchSize", 5);
        });
    }

    @Test
    void readsTheApi() throws IOException {
        var api = read(SMALL).api();

        assertThat(api.authorizer()).contains("Worker");
        assertThat(api.gatewayResponses()).containsExactly(Map.entry("DEFAULT_5XX",
                new Template.GatewayResponse(Optional.empty(), Map.of("X-Origin", "https://app.example.com"),
                        Map.of())));
    }

    @Test
    void generatesASecretAsTheTemplateDescribesIt() throws IOException {
        var secret = read(SMALL).secrets().getFirst();

        assertThat(secret.name()).isEqualTo("local-Key");
        assertThat(secret.generate()).matches("\\{\"current\":\"k1\",\"k1\":\"[^\"\\\\]{32}\"}")
                .isNotEqualTo(secret.generate());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { //
            "Condition: IsTest      | Condition: IsOther    | Conditions: no IsOther", //
            "!Ref Things            | !Ref Nothing          | Worker.Environment.Variables.TABLE: Nothing is neither a parameter with a value nor a resource", //
            "!Ref Things            | !ImportValue x        | Worker.Environment.Variables.TABLE: the intrinsic Fn::ImportValue is unknown", //
            "Condition: IsTest      | Condition: IsProd     | Unwanted: AWS::Not::Known has no counterpart here", //
            "Handler: some.Handler  | VpcConfig: {}         | Worker.Handler: is required", //
            "CodeUri: some.zip      | CodeUri: a, VpcConfig: {} | Worker.VpcConfig: has no counterpart here"})
    void refusesByNameWhatItDoesNotKnow(String part, String instead, String message) {
        var text = SMALL.replace(part, instead.replace(", ", "\n      "));

        assertThatThrownBy(() -> read(text)).isInstanceOf(UnsupportedTemplateException.class).hasMessage(message);
    }

    @Test
    void refusesAVariableThatTwoFunctionsWantDifferently() throws IOException {
        var template = read(SMALL.replace("Type: AWS::Not::Known\n    Condition: IsTest", """
                Type: AWS::Serverless::Function
                    Properties:
                      Handler: other.Handler
                      CodeUri: some.zip
                      Environment: {Variables: {MODE: other}}"""));

        assertThatThrownBy(template::environment).hasMessage(
                "Unwanted.Environment.Variables.MODE: another function has another value");
    }

    @Test
    void readsTheProjectsTemplate() {
        var template = Template.read(PARAMETERS, id -> id);

        assertThat(template.tables()).filteredOn(table -> table.ttlAttribute().isPresent()).singleElement()
                .isEqualTo(template.table("Credentials"));
        assertThat(template.tables()).filteredOn(table -> table.request().streamSpecification() != null)
                .singleElement().isEqualTo(template.table("Files"));
        assertThat(template.environment()).containsEntry("USERS_TABLE", template.table("Users").name())
                .containsEntry("FRONTEND_ORIGINS", "https://app.example.com");
    }
}
