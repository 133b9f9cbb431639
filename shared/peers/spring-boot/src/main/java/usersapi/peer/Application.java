package usersapi.peer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The application, which the adapter of Spring Cloud Function starts. */
@SpringBootApplication
public class Application {

    /** Starts the application. */
    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    /** Makes the client of DynamoDB. */
    @Bean
    DynamoDbClient dynamoDb() {
        return DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()).build();
    }
}
