package usersapi.standin.stripe;

/** A kind of object at Stripe. */
enum Kind {
    CUSTOMER("cus", "customer"), PRICE("price", "price"), CHECKOUT_SESSION("cs", "checkout.session"), SUBSCRIPTION(
            "sub",
            "subscription"), SUBSCRIPTION_ITEM("si", "subscription_item"), INVOICE("in", "invoice"), PORTAL_SESSION(
                    "bps", "billing_portal.session"), EVENT("evt", "event"), OTHER("obj", "thing");

    private final String prefix;
    private final String type;

    Kind(String prefix, String type) {
        this.prefix = prefix;
        this.type = type;
    }

    /** The prefix of an id of this kind; a checkout session's also names the mode. */
    String prefix(boolean live) {
        return this == CHECKOUT_SESSION ? prefix + (live ? "_live" : "_test") : prefix;
    }

    /** The value of the member {@code object}, which also stands in error messages. */
    String type() {
        return type;
    }
}
