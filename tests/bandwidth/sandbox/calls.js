// Makes the calls of Bandwidth's SDK for Node to the API at an address, and prints what they returned.
"use strict";

const { Configuration, MediaApi, MessagesApi, MultiChannelApi } = require("bandwidth-sdk");

const [basePath, username, password, country] = process.argv.slice(2);
const ACCOUNT = "5550100";
const MEDIUM = "1793/é t/photo.png";
const MESSAGE = {
    applicationId: "5d1b7c0e",
    from: "+12025550100",
    to: ["+13125550140"],
    text: "Tonight: jazz ’til 2",
    tag: "t-1",
};

// Returns the status, the fields and the data of an answer, whatever its status is.
async function answerOf(promise) {
    const { status, headers, data } = await promise.catch((error) => {
        if (!error.response) throw error;
        return error.response;
    });
    return { status, contentType: headers["content-type"] ?? null, data };
}

async function main() {
    const configuration = new Configuration({ basePath, username, password });
    const wrong = new Configuration({ basePath, username, password: `${password}x` });
    const messages = new MessagesApi(configuration);
    const media = new MediaApi(configuration);
    const results = {};

    results.created = await answerOf(messages.createMessage(ACCOUNT, MESSAGE));
    results.refused = await answerOf(messages.createMessage(ACCOUNT, { ...MESSAGE, to: ["x"] }));
    results.unauthorized = await answerOf(new MessagesApi(wrong).createMessage(ACCOUNT, MESSAGE));

    // The filters are positional: those before it are left out.
    const filters = Array(18).fill(undefined);
    filters[1] = "+12025550100";
    filters[17] = country;
    results.found = await answerOf(messages.listMessages(ACCOUNT, ...filters));

    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00]);
    results.uploaded = await answerOf(media.uploadMedia(ACCOUNT, MEDIUM, png, "image/png", "no-cache"));
    results.downloaded = await answerOf(media.getMedia(ACCOUNT, MEDIUM, { responseType: "arraybuffer" }));
    results.downloaded.data = [...results.downloaded.data];
    results.listed = await answerOf(media.listMedia(ACCOUNT));
    results.deleted = await answerOf(media.deleteMedia(ACCOUNT, MEDIUM));
    results.deletedAgain = await answerOf(media.deleteMedia(ACCOUNT, MEDIUM));
    results.missing = await answerOf(media.getMedia(ACCOUNT, MEDIUM));

    const channel = { from: "+12025550100", applicationId: "5d1b7c0e", channel: "SMS", content: { text: "hi" } };
    const multiChannel = new MultiChannelApi(configuration);
    results.multiChannel = await answerOf(
        multiChannel.createMultiChannelMessage(ACCOUNT, { to: "+13125550140", channelList: [channel] }),
    );
    console.log(JSON.stringify(results));
}

main();
