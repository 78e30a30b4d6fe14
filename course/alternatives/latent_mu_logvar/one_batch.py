# differs: joins the images first, and encodes them in one go

model.eval()
images = torch.cat([x for x, _ in test_loader])
with torch.no_grad():
    mu, logvar = model.encode(images.to(device))
