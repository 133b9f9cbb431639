package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Objects in the form of a version of the API. Since {@code 2025-03-31.basil} the period of a subscription is its items', and
 * an invoice names its subscription by its parent.
 *
 * @see <a href="https://docs.stripe.com/changelog/basil">Changelog of basil</a>
 */
final class WireForm {

    private static final String BASIL = "2025-03-31.basil";

    private WireForm() {}

    private static boolean isBeforeBasil(String version) {
        return version.compareTo(BASIL) < 0;
    }

    /** Converts an object or a list of objects. */
    static ObjectNode of(ObjectNode answer, String version) {
        if (isBeforeBasil(version)) {
            if (answer.path("object").asText().equals("list")) {
                answer.path("data").forEach(object -> toOldForm((ObjectNode) object));
            } else {
                toOldForm(answer);
            }
        }
        return answer;
    }

    private static void toOldForm(ObjectNode object) {
        if (object.path("object").asText().equals("subscription")) {
            for (var item : object.path("items").path("data")) {
                object.set("current_period_start", ((ObjectNode) item).remove("current_period_start"));
                object.set("current_period_end", ((ObjectNode) item).remove("current_period_end"));
            }
        } else if (object.path("object").asText().equals("invoice")
                && object.remove("parent") instanceof ObjectNode parent) {
            var details = (ObjectNode) parent.path("subscription_details");
            object.set("subscription", details.remove("subscription"));
            object.set("subscription_details", details);
        }
    }
}
