package usersapi.bench.reference;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.stripe.StripeClient;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.net.Webhook;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionListParams;
import com.stripe.param.checkout.SessionRetrieveParams;

/**
 * Requests to Stripe as its documentation shows them: by the library's classes of parameters and objects.
 *
 * @see <a href="https://docs.stripe.com/api/checkout/sessions/create?lang=java">Create a Checkout Session</a>
 * @see <a href="https://docs.stripe.com/webhooks?lang=java">Receive Stripe events</a>
 */
public final class StripeByHand {

    private static final String SITE = "https://app.example.com";

    private final JsonObject secret;
    private final StripeClient client;
    /** The customer that was made last. */
    private String customer = "";

    /** Reads the key from the secret's value. */
    StripeByHand(String secret, String base) {
        this.secret = JsonParser.parseString(secret).getAsJsonObject();
        client = StripeClient.builder().setApiKey(this.secret.get("api_key").getAsString()).setApiBase(base).build();
    }

    /** Verifies and reads the event of a webhook. */
    Event verify(APIGatewayProxyRequestEvent request) {
        try {
            return Webhook.constructEvent(request.getBody(),
                    request.getMultiValueHeaders().get("Stripe-Signature").getFirst(),
                    secret.get("webhook_secrets").getAsString());
        } catch (SignatureVerificationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * Sends a request; gives an id or the address in its answer.
     *
     * @param customerId the customer to name, if this function has made none
     */
    String send(String method, String path, String customerId) {
        var owner = customer.isEmpty() ? customerId : customer;
        try {
            return switch (method + " " + path) {
                case "POST /v1/customers" -> newCustomer();
                case "GET /v1/subscriptions" -> client.v1().subscriptions()
                        .list(SubscriptionListParams.builder().setCustomer(owner)
                                .setStatus(SubscriptionListParams.Status.ALL).setLimit(100L).build())
                        .getUrl();
                case "GET /v1/checkout/sessions" -> client.v1().checkout().sessions()
                        .list(SessionListParams.builder().setCustomer(owner).setStatus(SessionListParams.Status.OPEN)
                                .setLimit(100L).build())
                        .getUrl();
                case "POST /v1/checkout/sessions" -> client.v1().checkout().sessions()
                        .create(SessionCreateParams.builder().setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                                .setCustomer(owner).setClientReferenceId("jane").putMetadata("external_id", "jane")
                                .addLineItem(SessionCreateParams.LineItem.builder().setPrice("price_pro")
                                        .setQuantity(1L).build())
                                .setSubscriptionData(SessionCreateParams.SubscriptionData.builder()
                                        .putMetadata("external_id", "jane").build())
                                .setSuccessUrl(SITE + "/billing/success").setCancelUrl(SITE + "/billing/cancel")
                                .build())
                        .getUrl();
                case "POST /v1/billing_portal/sessions" -> client.v1().billingPortal().sessions()
                        .create(com.stripe.param.billingportal.SessionCreateParams.builder().setCustomer(owner)
                                .setReturnUrl(SITE + "/billing").build())
                        .getUrl();
                default -> session(method, path);
            };
        } catch (StripeException e) {
            throw new IllegalStateException(e);
        }
    }

    private String newCustomer() throws StripeException {
        customer = client.v1().customers().create(CustomerCreateParams.builder().setEmail("jane@example.com")
                .putMetadata("external_id", "jane").build()).getId();
        return customer;
    }

    private String session(String method, String path) throws StripeException {
        if (!path.startsWith("/v1/checkout/sessions/")) {
            throw new IllegalArgumentException("no such request: " + method + " " + path);
        }
        // Where a function expires it: that works once, so it is read instead.
        return client.v1().checkout().sessions().retrieve(path.split("/", -1)[4],
                SessionRetrieveParams.builder().addExpand("line_items").build()).getStatus();
    }
}
